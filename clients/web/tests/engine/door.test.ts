// The ways in where an answer is lost, or two tabs try at once.
import 'fake-indexeddb/auto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/app/engine';
import { linkOf } from '../../src/app/act/links';
import { bytesOf, fromHex, toHex } from '../../src/protocol/bytes';
import { requestFrame, type ServerFrame } from '../../src/protocol/frames';
import { Line } from '../../src/protocol/line';
import { openDatabase, type Identity, type JoinWish } from '../../src/store/database';
import { dropPending, loadIdentity, pendingIdentity, wishing } from '../../src/store/identity';
import { Daemon, isDaemonThere } from './daemon';
import { isLive, openDevice, until } from './device';
import { fragment, owner } from './people';

test('a refusal in one tab does not take the key of a device that got in by another', async () => {
  const database = await openDatabase('two-at-the-door', () => undefined);
  const pending = await pendingIdentity(database, 'https://a.example');
  await database.put('meta', { ...pending, deviceId: 'd'.repeat(32) } satisfies Identity, 'identity');
  await dropPending(database);
  expect((await loadIdentity(database))?.deviceId).toBe('d'.repeat(32));
  database.close();
});

describe.skipIf(!isDaemonThere)('a join whose answer was lost', () => {
  const daemon = new Daemon();
  let aki: Engine;
  beforeAll(async () => {
    await daemon.start();
    aki = await owner(daemon, 'aki');
  });
  afterAll(async () => {
    aki.end();
    await daemon.end();
  });

  const invited = async (uses: number): Promise<string> => {
    const made = await aki.invite({ uses, expiresInS: 3600, note: '' });
    if (!made.ok) throw new Error(made.failure.code);
    return fragment(made.value.link!);
  };
  /** As a tab would that is closed before it hears: the account is made, and nothing of the answer is kept. */
  async function joinUnheard(database: string, hash: string, handle: string): Promise<void> {
    const link = linkOf(hash);
    const secret = link.kind === 'invitation' ? link.secret : '';
    const wish: JoinWish = { secret, handle, name: handle, deviceName: 'web' };
    const store = await openDatabase(database, () => undefined);
    const { publicKey } = await wishing(store, await pendingIdentity(store, daemon.origin), wish);
    store.close();
    const nothing = async () => undefined;
    const owner = { credentials: nothing, welcomed: nothing, heard: nothing, ticketRefused: nothing, changed: () => undefined, stopped: () => undefined };
    const line = new Line(owner, { origin: daemon.origin });
    line.start();
    const frame = await new Promise<ServerFrame | undefined>((resolve) =>
      line.request(
        requestFrame('join', { secret: fromHex(secret), handle: bytesOf(handle), name: bytesOf(handle), deviceName: bytesOf('web'), key: publicKey }),
        (answer) => resolve(answer.lost ? undefined : answer.frame),
        'repeat',
      ),
    );
    line.stop();
    expect(frame?.body.case).toBe('joined');
    expect(toHex(publicKey).length).toBe(64);
  }

  test('is found again by the link that it has used up', async () => {
    const hash = await invited(1);
    await joinUnheard('unheard', hash, 'ben');
    const ben = openDevice({ origin: daemon.origin, database: 'unheard', hash });
    await until(() => ben.phase.value.kind === 'in' && isLive(ben), 'in');
    expect(ben.me.value?.handle).toBe('ben');
    expect(ben.recoveryAsked.value).toBe(false);
    ben.end();
  });

  test('is found again where another name is tried', async () => {
    const hash = await invited(5);
    await joinUnheard('unheard-too', hash, 'cho');
    const cho = openDevice({ origin: daemon.origin, database: 'unheard-too', hash });
    await until(() => cho.phase.value.kind === 'door' && cho.door.preview.value.kind === 'open', 'the door');
    expect((await cho.door.join({ handle: 'x', name: 'Cho', deviceName: 'web' })).ok).toBe(false);
    expect((await cho.door.join({ handle: 'chocho', name: 'Cho', deviceName: 'web' })).ok).toBe(true);
    await until(() => cho.phase.value.kind === 'in', 'in');
    expect(cho.me.value?.handle).toBe('cho');
    cho.end();
  });

  test('who did not join sees a dead link, and may join by another one', async () => {
    const used = await invited(1);
    await joinUnheard('used-by-another', used, 'dai');
    const eri = openDevice({ origin: daemon.origin, hash: used });
    await until(() => eri.phase.value.kind === 'door' && eri.door.preview.value.kind === 'dead', 'dead');
    eri.arrive(await invited(1));
    await until(() => eri.door.preview.value.kind === 'open', 'open');
    expect((await eri.door.join({ handle: 'aki', name: 'Eri', deviceName: 'web' })).ok).toBe(false);
    expect((await eri.door.join({ handle: 'eri', name: 'Eri', deviceName: 'web' })).ok).toBe(true);
    await until(() => eri.me.value?.handle === 'eri', 'in');
    eri.end();
  });
});
