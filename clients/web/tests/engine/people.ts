// Members and their devices against one daemon, for the engine tests.
import type { Engine } from '../../src/app/engine';
import type { Daemon } from './daemon';
import { chatWith, isLive, join, openDevice, until, type FakeLocks } from './device';

export const fragment = (link: string): string => link.slice(link.indexOf('#'));

/** The first member, by the daemon's own invitation. */
export async function owner(daemon: Daemon, handle: string, deviceName = 'web'): Promise<Engine> {
  const device = openDevice({ origin: daemon.origin, hash: daemon.invite() });
  await join(device, handle, deviceName);
  return device;
}

/** Invited by `by`, and so tied with him. */
export async function friend(daemon: Daemon, by: Engine, handle: string): Promise<Engine> {
  const made = await by.invite({ uses: 1, expiresInS: 3600, note: '' });
  if (!made.ok) throw new Error(made.failure.code);
  const device = openDevice({ origin: daemon.origin, hash: fragment(made.value.link!) });
  await join(device, handle);
  await until(() => chatWith(by, handle) !== undefined && chatWith(device, by.me.value!.handle) !== undefined, 'the tie');
  return device;
}

/** Another device of the same member, let in by its digits. */
export async function pair(daemon: Daemon, old: Engine, deviceName: string, locks?: FakeLocks): Promise<Engine> {
  const made = await old.offerPairing();
  if (!made.ok) throw new Error(made.failure.code);
  const offer = made.value;
  const offered = offer.state.value;
  if (offered.kind !== 'offered') throw new Error('no offer');
  const device = openDevice({ origin: daemon.origin, hash: fragment(offered.link), ...(locks ? { locks } : {}) });
  await until(() => device.phase.value.kind === 'door', 'the door');
  void device.door.pair(deviceName);
  await until(() => offer.state.value.kind === 'asked' && device.door.pairing.value.kind === 'waiting', 'the newcomer');
  const pairing = device.door.pairing.value;
  const wrong = await offer.approve('000000x');
  if (wrong.ok) throw new Error('wrong digits were taken');
  const approved = await offer.approve(pairing.kind === 'waiting' ? pairing.digits : '');
  if (!approved.ok) throw new Error(approved.failure.code);
  await until(() => device.phase.value.kind === 'in' && isLive(device), 'the paired device');
  return device;
}
