import { afterEach, expect, test, vi } from 'vitest';
import { Here } from '../../src/app/session/here';
import type { Hub } from '../../src/app/session/hub';

afterEach(() => vi.useRealTimers());

test('a page that is looked at asks by itself whether the leading one is awake', () => {
  vi.useFakeTimers();
  const checkLeader = vi.fn();
  const hub = { tab: 'a', on: () => () => undefined, say: () => undefined, tellOthers: () => undefined, checkLeader };
  const here = new Here(hub as unknown as Hub, () => undefined);
  vi.advanceTimersByTime(20_000);
  expect(checkLeader).not.toHaveBeenCalled();
  vi.advanceTimersByTime(75_000);
  expect(checkLeader).toHaveBeenCalledTimes(3);
  here.end();
});
