import { afterEach, expect, test, vi } from 'vitest';
import { Hub } from '../../src/app/session/hub';
import { Signals } from '../../src/app/session/signals';

afterEach(() => vi.useRealTimers());

test('typing is heard of others for a moment, and never of somebody whom I block', () => {
  vi.useFakeTimers();
  const hub = new Hub('signals', { locks: undefined, channel: () => undefined });
  const signals = new Signals(hub, (handle) => handle === 'me' || handle === 'blocked');
  for (const handle of ['me', 'blocked', 'ben']) hub.say({ type: 'typing', chat: 'c', handle });
  expect([...signals.typing.value]).toEqual([['c', ['ben']]]);
  vi.advanceTimersByTime(6_000);
  expect(signals.typing.value.size).toBe(0);
  signals.end();
  hub.end();
});
