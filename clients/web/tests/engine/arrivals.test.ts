import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Arrival } from '../../src/app/client';
import type { Engine } from '../../src/app/engine';
import { Daemon, isDaemonThere } from './daemon';
import { chatWith, FakeLocks, isLive, join, openDevice, until } from './device';
import { friend } from './people';

describe.skipIf(!isDaemonThere)('what comes', () => {
  const daemon = new Daemon();
  const of = { database: 'two-that-hear', locks: new FakeLocks() };
  let first: Engine;
  let second: Engine;
  let ben: Engine;
  beforeAll(async () => {
    await daemon.start();
    first = openDevice({ origin: daemon.origin, hash: daemon.invite(), ...of });
    await join(first, 'aki');
    ben = await friend(daemon, first, 'ben');
    second = openDevice({ origin: daemon.origin, ...of });
    await until(() => isLive(second) && second.link.value.byOtherTab, 'the second tab');
  });
  afterAll(async () => {
    for (const each of [first, second, ben]) each?.end();
    await daemon.end();
  });

  test('is heard in every tab, for its screen reader, and told outside by one', async () => {
    const heard: [string, Arrival][] = [];
    first.onArrival((arrival) => heard.push(['first', arrival]));
    second.onArrival((arrival) => heard.push(['second', arrival]));
    await ben.send(chatWith(ben, 'aki')!, 'hello');
    await until(() => heard.length === 2, 'heard');
    const told = heard.map(([tab, { text, isTeller }]) => [tab, text, isTeller]).sort();
    expect(told).toEqual([
      ['first', 'hello', true],
      ['second', 'hello', false],
    ]);
  });
});
