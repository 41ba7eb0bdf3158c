// What this device says that it holds: from which "delivered" follows.
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Outcome } from '../../src/app/failure';
import { done, failed, type Asker } from '../../src/app/session/asker';
import { StoredReports } from '../../src/app/session/stored_reports';
import { openDatabase, type Database } from '../../src/store/database';
import { Held } from '../../src/sync/held';
import { EventKind, RegisterKind, type EventRecord, type RegisterRecord } from '../../src/sync/records';

const chat = 'c'.repeat(32);
let databases = 0;
let database: Database;
let asked: number[] = [];
let outcome: Outcome = done;
const asker = {
  ask: async (_name: string, value: { throughSeq: bigint }) => {
    asked.push(Number(value.throughSeq));
    return outcome;
  },
} as unknown as Asker;

const message = (seq: number, authorId: string): EventRecord => ({
  conversation: chat,
  seq,
  kind: EventKind.message,
  authorId,
  author: authorId,
  device: '',
  clientId: `${seq}`,
  at: seq,
  body: '',
});
const register = (kind: number, key: string, more: Partial<RegisterRecord>): RegisterRecord => ({
  kind,
  key,
  rseq: 1,
  removed: false,
  conversation: '',
  rev: 0,
  seq: 0,
  device: '',
  tie: 0,
  since: 0,
  text: '',
  conversationKind: 0,
  title: '',
  intervals: [],
  messageSeq: 0,
  caret: 0,
  replyTo: 0,
  ...more,
});
async function hold(events: readonly EventRecord[]): Promise<void> {
  const held = new Held(chat, await database.get('conversations', chat));
  for (const each of events) {
    held.held.add(each.seq);
    await database.put('events', each);
  }
  await database.put('conversations', held.record());
}
/** Its time comes, and the store has done what it was asked. */
async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(2_000);
  for (let i = 0; i < 200; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  databases += 1;
  database = await openDatabase(`reports-${databases}`, () => undefined);
  await database.put('registers', register(RegisterKind.membership, chat, { conversation: chat, conversationKind: 2, intervals: [{ joined: 1, left: 0 }] }));
  await database.put('registers', register(RegisterKind.tie, 'ben', { tie: 3, person: { id: 'ben', handle: 'ben', name: '', hue: 0, pictureId: '' } }));
  asked = [];
  outcome = done;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('what a connection that ended did not come to say is said by the next one', async () => {
  const reports = new StoredReports(database, asker, 'me');
  const event = message(1, 'ben');
  await hold([event]);
  outcome = failed('offline', 'later');
  reports.onEvents([event]);
  await settled();
  expect(asked).toEqual([1]);
  outcome = done;
  await reports.onLive();
  await settled();
  expect(asked).toEqual([1, 1]);
  // Another session of before, of which only the register tells.
  await database.put('registers', register(RegisterKind.stored, chat, { conversation: chat, seq: 1 }));
  const later = new StoredReports(database, asker, 'me');
  await later.onLive();
  await settled();
  expect(asked).toEqual([1, 1]);
});

test('a log without anybody tied is looked through once, and nothing is said of it', async () => {
  const reports = new StoredReports(database, asker, 'me');
  await hold([1, 2, 3].map((seq) => message(seq, 'stranger')));
  reports.onPage(chat);
  await settled();
  const read = vi.spyOn(IDBObjectStore.prototype, 'getAll');
  const event = message(4, 'stranger');
  await hold([event]);
  reports.onEvents([event]);
  await settled();
  expect(asked).toEqual([]);
  const ranges = read.mock.calls.map(([range]) => (range as IDBKeyRange | undefined)?.lower as unknown).filter((each) => Array.isArray(each) && each[0] === chat);
  expect(ranges).toEqual([[chat, 4]]);
});
