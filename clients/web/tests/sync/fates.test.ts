import { expect, test } from 'vitest';
import { receiptMark, reachesOf, type Reach } from '../../src/app/show/marks';
import { Held } from '../../src/sync/held';
import { EventKind, type EventRecord, type PersonRecord } from '../../src/sync/records';
import { forEachSeed } from '../random';
import { MemoryRows } from './memory_rows';

const chat = 'c';
const person = (handle: string): PersonRecord => ({ id: handle, handle, name: '', hue: 0, pictureId: '' });
const entry = (seq: number, kind: number, author: string, people: readonly string[] = []): EventRecord => ({
  conversation: chat,
  seq,
  kind,
  authorId: author,
  author,
  device: '',
  clientId: `${seq}`,
  at: seq,
  body: '',
  people: people.map(person),
});
async function holding(log: readonly EventRecord[]): Promise<{ rows: MemoryRows; kept: Held }> {
  const rows = new MemoryRows();
  const kept = new Held(chat);
  for (const each of log) {
    rows.putEvent(each);
    kept.held.add(each.seq);
    if (each.kind === EventKind.created || each.kind === EventKind.added) kept.comings.add(each.seq);
  }
  return { rows, kept };
}
const receipt = (handle: string, read: number) => ({ conversation: chat, handle, delivered: read, read });

test('who came later has not read what was said before he came', async () => {
  const { rows, kept } = await holding([
    entry(1, EventKind.created, 'aki', ['ben']),
    entry(2, EventKind.message, 'aki'),
    entry(3, EventKind.added, 'aki', ['cho']),
    entry(4, EventKind.message, 'aki'),
  ]);
  const mark = (seq: number, reaches: readonly Reach[]) => receiptMark(seq, 'group', reaches, true);
  const byCho = await reachesOf(rows, kept, 2, [receipt('cho', 4)]);
  expect([2, 4].map((seq) => mark(seq, byCho))).toEqual(['committed', 'read']);
  const byBen = await reachesOf(rows, kept, 2, [receipt('ben', 4)]);
  expect([2, 4].map((seq) => mark(seq, byBen))).toEqual(['read', 'read']);
  // Two who are tied have nothing to come to.
  const direct = await reachesOf(rows, kept, 1, [receipt('cho', 4)]);
  expect(mark(2, direct)).toBe('read');
});

test('nothing is claimed of anybody who was not there, whatever of the log is held', async () => {
  const checks: Promise<void>[] = [];
  forEachSeed(300, (random) => {
    const log: EventRecord[] = [entry(1, EventKind.created, 'aki', random.chance(0.5) ? ['ben'] : [])];
    let isIn = log[0]!.people!.length > 0;
    const there = new Set<number>(isIn ? [1] : []);
    for (let seq = 2; seq <= 30; seq += 1) {
      const moves = random.chance(0.15);
      if (!moves) log.push(entry(seq, EventKind.message, 'aki'));
      else log.push(isIn ? entry(seq, EventKind.removed, 'aki', ['ben']) : entry(seq, EventKind.added, 'aki', ['ben']));
      if (isIn || moves) there.add(seq);
      if (moves) isIn = !isIn;
    }
    const end = random.pick([...there, 1]);
    const held = log.filter(() => random.chance(0.9));
    checks.push(
      holding(held).then(async ({ rows, kept }) => {
        const reaches = await reachesOf(rows, kept, 2, [receipt('ben', end)]);
        for (const { seq, kind } of held)
          if (kind === EventKind.message && receiptMark(seq, 'group', reaches, true) === 'read') {
            expect(seq).toBeLessThanOrEqual(end);
            expect(there.has(end) ? there.has(seq) : true).toBe(true);
          }
      }),
    );
  });
  await Promise.all(checks);
});
