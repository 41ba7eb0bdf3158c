import { expect, test } from 'vitest';
import { mentionsIn } from '../../src/sync/mentions';
import { clientIdOf, nextToSend } from '../../src/sync/outbox';
import type { OutboxRecord } from '../../src/sync/records';
import { forEachSeed } from '../random';

const entry = (number: number, conversation: string): OutboxRecord => ({
  number,
  clientId: `id${number}`,
  conversation,
  change: { kind: 'send', body: `${number}`, replyTo: 0, draftRev: 0 },
  at: 0,
  state: 'queued',
  seq: 0,
  committedAt: 0,
  code: 0,
  detail: '',
});

test('each conversation in its order, one in flight, none waits for another; nothing twice, nothing lost', () => {
  forEachSeed(500, (random) => {
    let queue: OutboxRecord[] = [];
    const flying = new Set<string>();
    const arrived: string[] = [];
    const written: string[] = [];
    /** What the daemon has of it, whatever became of the answer. */
    const log = new Set<string>();
    let number = 0;
    const step = (): void => {
      for (const each of nextToSend(queue, flying)) {
        expect([...flying].some((id) => queue.find((one) => one.clientId === id)?.conversation === each.conversation)).toBe(false);
        flying.add(each.clientId);
      }
      for (const id of [...flying]) {
        if (random.chance(0.5)) continue;
        const each = queue.find((one) => one.clientId === id)!;
        flying.delete(id);
        const outcome = random.below(4);
        if (outcome === 0) continue; // later, or lost before it came
        if (!log.has(id)) {
          log.add(id);
          arrived.push(id);
        }
        if (outcome > 1) queue = queue.filter((one) => one !== each); // else: it came, and the answer was lost
      }
      if (random.chance(0.1)) flying.clear(); // the connection is gone
    };
    for (let i = 0; i < 60; i += 1) {
      if (random.chance(0.5)) {
        number += 1;
        queue.push(entry(number, random.pick(['a', 'b', 'c'])));
        written.push(`id${number}`);
      }
      step();
    }
    const conversations = new Map(written.map((id) => [id, '']));
    for (let i = 0; i < 1000 && queue.length > 0; i += 1) step();
    expect(queue).toEqual([]);
    expect([...arrived].sort()).toEqual([...conversations.keys()].sort());
  });
});

test('within a conversation the log has the order of writing', () => {
  forEachSeed(200, (random) => {
    let queue = Array.from({ length: 12 }, (_, i) => entry(i + 1, random.pick(['a', 'b'])));
    const of = new Map(queue.map((each) => [each.clientId, each.conversation]));
    const log: number[] = [];
    while (queue.length > 0)
      for (const each of nextToSend(queue, new Set())) {
        if (random.chance(0.4)) continue;
        log.push(each.number);
        queue = queue.filter((one) => one !== each);
      }
    for (const chat of ['a', 'b']) {
      const mine = log.filter((number) => of.get(`id${number}`) === chat);
      expect(mine).toEqual([...mine].sort((a, b) => a - b));
    }
  });
});

test('client ids: milliseconds first, then 80 random bits', () => {
  expect(clientIdOf(1, new Uint8Array(10))).toBe(`000000000001${'0'.repeat(20)}`);
  expect(clientIdOf(2 ** 47, new Uint8Array(10).fill(255))).toBe(`800000000000${'f'.repeat(20)}`);
  expect(clientIdOf(1000, new Uint8Array(10)) < clientIdOf(2000, new Uint8Array(10))).toBe(true);
});

test('mentions as the command line reads them', () => {
  expect(mentionsIn('@aki and @Ben, mail me@cho.org, @@dai, @x @here')).toEqual({ handles: ['aki', 'ben'], all: true });
  expect(mentionsIn('no one')).toEqual({ handles: [], all: false });
  expect(mentionsIn(Array.from({ length: 60 }, (_, i) => `@h${i}x`).join(' ')).handles.length).toBe(50);
});
