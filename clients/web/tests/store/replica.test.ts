import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { Changes } from '../../src/store/changes';
import { freshPoint, openDatabase, type Database } from '../../src/store/database';
import { readSnapshot } from '../../src/app/show/blocks';
import { Mine } from '../../src/store/mine';
import { read } from '../../src/store/transaction';
import { Replica } from '../../src/store/replica';
import { emptyDelta, EventKind, RegisterKind, type EventRecord, type RegisterRecord } from '../../src/sync/records';

const self = { id: 'me', handle: 'aki' };
const chat = 'c1';
let databases = 0;

const message = (seq: number): EventRecord => ({
  conversation: chat,
  seq,
  kind: EventKind.message,
  authorId: 'him',
  author: 'ben',
  device: 'pc',
  clientId: `id${seq}`,
  at: seq,
  body: `text ${seq}`,
});
const membership = (rseq: number, removed = false): RegisterRecord => ({
  kind: RegisterKind.membership,
  key: chat,
  rseq,
  removed,
  conversation: chat,
  rev: 0,
  seq: 0,
  device: '',
  tie: 0,
  since: 0,
  text: '',
  conversationKind: 1,
  title: '',
  intervals: removed ? [] : [{ joined: 1, left: 0 }],
  messageSeq: 0,
  caret: 0,
  replyTo: 0,
});

async function opened(): Promise<{ database: Database; replica: Replica; mine: Mine }> {
  databases += 1;
  const database = await openDatabase(`replica-${databases}`, () => undefined);
  const changes = new Changes();
  const replica = new Replica(database, changes, self);
  const delta = { ...emptyDelta(), registers: [membership(1)], events: [message(1), message(2)] };
  await replica.apply(delta, { ...freshPoint(), cursor: new Uint8Array([1]), rseq: 1 });
  await database.put('receipts', { conversation: chat, handle: 'ben', delivered: 9, read: 9 });
  return { database, replica, mine: new Mine(database, changes, self) };
}

test('a daemon that was put back takes receipts of its history with it, and what it had taken of mine; what waits stays', async () => {
  const { database, replica, mine } = await opened();
  const send = (text: string) => ({ kind: 'send', body: text, replyTo: 0, draftRev: 0 }) as const;
  await mine.enqueue(chat, 'a'.repeat(32), send('committed'), 1);
  await mine.committed('a'.repeat(32), 3, 3);
  await mine.enqueue(chat, 'b'.repeat(32), send('waits'), 2);
  await mine.flag('mute', chat, 0, true);
  await mine.acked((await mine.intents())[0]!);
  await mine.flag('pin', chat, 0, true);
  expect((await mine.intents()).length).toBe(2);
  expect(await replica.reset(await replica.point())).toBe(2);
  expect(await database.getAll('events')).toEqual([]);
  // Its seqs are given again: what "read through 9" said of the old ones is true of none of the new ones.
  expect(await database.getAll('receipts')).toEqual([]);
  expect((await mine.outbox()).map((each) => each.change)).toEqual([send('waits')]);
  expect((await mine.intents()).map((each) => each.kind)).toEqual(['pin']);
});

test('of a conversation that is gone no receipt stays, and nobody who was in it', async () => {
  const { database, replica } = await opened();
  await database.put('people', { conversation: chat, people: [] });
  const delta = { ...emptyDelta(), registers: [membership(2, true)] };
  await replica.apply(delta, { ...freshPoint(), cursor: new Uint8Array([2]), rseq: 2 });
  expect(await database.getAll('receipts')).toEqual([]);
  expect(await database.getAll('people')).toEqual([]);
  expect(await database.getAll('conversations')).toEqual([]);
});

test('a setting of mine ends with what the daemon says after its answer, though another device had the last word', async () => {
  const { replica, mine } = await opened();
  await mine.flag('mute', chat, 0, true);
  const point = { ...freshPoint(), cursor: new Uint8Array([2]), rseq: 3 };
  const muted = (rseq: number, removed: boolean): RegisterRecord => ({ ...membership(rseq), kind: RegisterKind.mute, removed });
  await replica.apply({ ...emptyDelta(), registers: [muted(2, true)] }, point);
  expect((await mine.intents()).length).toBe(1); // not answered yet: it may still win
  await mine.acked((await mine.intents())[0]!);
  // Mine, and the other's, in one commit; or only the latest of them, after a lost connection.
  await replica.apply({ ...emptyDelta(), registers: [muted(3, false), muted(4, true)] }, { ...point, rseq: 4 });
  expect(await mine.intents()).toEqual([]);
});

test('what is pinned of somebody whom I block, or what I deleted for myself, is not shown above', async () => {
  const { database, replica, mine } = await opened();
  const pin = (seq: number, target: number): EventRecord => ({ ...message(seq), kind: EventKind.pinned, body: '', target, on: true });
  const delta = { ...emptyDelta(), events: [{ ...message(3), authorId: 'her' }, pin(4, 1), pin(5, 3), pin(6, 2)] };
  await replica.apply(delta, { ...freshPoint(), cursor: new Uint8Array([2]), rseq: 1 });
  const pins = async (blocked: string): Promise<readonly number[]> =>
    (await read(database, (rows, tx) => readSnapshot(rows, tx, chat, self.id, (id) => id === blocked))).pins;
  expect(await pins('')).toEqual([2, 3, 1]);
  expect(await pins('her')).toEqual([2, 1]);
  await mine.flag('hide', chat, 2, true);
  expect(await pins('her')).toEqual([1]);
});
