// Who this device is, and its key: made here, never readable, never leaving. See Identity.
import { toHex } from '../protocol/bytes';
import type { Joined } from '../protocol/gen/enishi/v1/member_pb';
import { personOf } from '../protocol/wire';
import { textOf } from '../protocol/bytes';
import { eraseDatabase, type Database, type Identity, type JoinWish } from './database';

const algorithm = 'Ed25519';

/** Ed25519 in WebCrypto, as all browsers of since 2025 have it. */
export async function makeKey(): Promise<{ privateKey: CryptoKey; publicKey: Uint8Array<ArrayBuffer> }> {
  const pair = (await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])) as CryptoKeyPair;
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)) };
}

export async function sign(identity: Identity, text: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign(algorithm, identity.privateKey, text));
}

export const isFinished = (identity: Identity | undefined): identity is Identity =>
  identity !== undefined && identity.deviceId !== '';

export async function loadIdentity(database: Database): Promise<Identity | undefined> {
  return (await database.get('meta', 'identity')) as Identity | undefined;
}

async function putIdentity(database: Database, identity: Identity): Promise<void> {
  const tx = database.transaction('meta', 'readwrite', { durability: 'strict' });
  await tx.store.put(identity, 'identity');
  await tx.done;
}

/** The key of a journey that has not ended: the one that is kept, or a fresh one, kept before it is told to anybody. */
export async function pendingIdentity(database: Database, origin: string): Promise<Identity> {
  const kept = await loadIdentity(database);
  if (kept && kept.origin === origin) return kept;
  const fresh: Identity = {
    origin,
    ...(await makeKey()),
    deviceId: '',
    deviceName: '',
    member: { id: '', handle: '', name: '', hue: 0, pictureId: '' },
    inviter: '',
  };
  await putIdentity(database, fresh);
  return fresh;
}

/** Kept before it is told: should its answer be lost, it is asked again as it was. */
export async function wishing(database: Database, pending: Identity, wish: JoinWish): Promise<Identity> {
  const isKept = pending.wishes?.some((each) => JSON.stringify(each) === JSON.stringify(wish)) ?? false;
  if (isKept) return pending;
  const identity = { ...pending, wishes: [...(pending.wishes ?? []), wish] };
  await putIdentity(database, identity);
  return identity;
}

/** The key belongs to a device already, or was refused: the next try takes another. Who got in by another tab stays in. */
export async function dropPending(database: Database): Promise<void> {
  const tx = database.transaction('meta', 'readwrite');
  const kept = (await tx.store.get('identity')) as Identity | undefined;
  if (!isFinished(kept)) await tx.store.delete('identity');
  await tx.done;
}

export async function finishIdentity(database: Database, pending: Identity, joined: Joined): Promise<Identity> {
  const { wishes: _wishes, ...key } = pending;
  const identity: Identity = {
    ...key,
    deviceId: toHex(joined.deviceId),
    deviceName: textOf(joined.deviceName),
    inviter: joined.inviter,
    member: joined.member ? personOf(joined.member) : pending.member,
  };
  await putIdentity(database, identity);
  return identity;
}

export async function renewMember(database: Database, identity: Identity): Promise<void> {
  await putIdentity(database, identity);
}

/** Nothing of the device is left: also what a deletion that another tab blocks would leave. `emptied` is called between
 *  the two: other tabs let go of it then. */
export async function wipe(database: Database, name: string, emptied: () => void): Promise<void> {
  const tx = database.transaction([...database.objectStoreNames], 'readwrite');
  for (const store of database.objectStoreNames) void tx.objectStore(store).clear();
  await tx.done;
  emptied();
  database.close();
  await eraseDatabase(name);
}
