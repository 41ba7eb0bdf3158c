// Rows inside one IndexedDB transaction. Puts are not awaited one by one: requests of a transaction run in order, and a
// failed one fails the transaction.
import type { IDBPTransaction } from 'idb';
import type {
  ConversationRecord,
  EventRecord,
  Id,
  Intent,
  OutboxRecord,
  RegisterRecord,
  SyncPoint,
} from '../sync/records';
import type { Rows } from '../sync/rows';
import { freshPoint, type Database, type Schema } from './database';

const rowStores = ['meta', 'registers', 'conversations', 'events', 'outbox', 'intents'] as const;
/** All that a write may touch beside the rows: what is mine goes with it in one transaction. */
const writeStores = [...rowStores, 'drafts', 'receipts', 'people'] as const;
type WriteStore = (typeof writeStores)[number];
export type WriteTransaction = IDBPTransaction<Schema, WriteStore[], 'readwrite'>;
export type ReadTransaction = IDBPTransaction<Schema, WriteStore[], 'readonly'>;

/** A failed request aborts the transaction, and `transaction.done` tells of it: not each request on its own. */
function quietly(request: Promise<unknown>): void {
  request.catch(() => undefined);
}

export class IdbRows implements Rows {
  constructor(private readonly tx: WriteTransaction | ReadTransaction) {}

  private get write(): WriteTransaction {
    return this.tx as WriteTransaction;
  }
  async point(): Promise<SyncPoint> {
    return ((await this.tx.objectStore('meta').get('point')) as SyncPoint | undefined) ?? freshPoint();
  }
  putPoint(point: SyncPoint): void {
    quietly(this.write.objectStore('meta').put(point, 'point'));
  }
  register(kind: number, key: string): Promise<RegisterRecord | undefined> {
    return this.tx.objectStore('registers').get([kind, key]);
  }
  putRegister(entry: RegisterRecord): void {
    quietly(this.write.objectStore('registers').put(entry));
  }
  registers(kind: number, prefix = ''): Promise<RegisterRecord[]> {
    return this.tx.objectStore('registers').getAll(IDBKeyRange.bound([kind, prefix], [kind, `${prefix}\uffff`]));
  }
  conversation(id: Id): Promise<ConversationRecord | undefined> {
    return this.tx.objectStore('conversations').get(id);
  }
  conversations(): Promise<ConversationRecord[]> {
    return this.tx.objectStore('conversations').getAll();
  }
  putConversation(row: ConversationRecord): void {
    quietly(this.write.objectStore('conversations').put(row));
  }
  eraseConversation(id: Id): void {
    quietly(this.write.objectStore('conversations').delete(id));
    quietly(this.write.objectStore('events').delete(IDBKeyRange.bound([id, 0], [id, Infinity])));
    quietly(this.write.objectStore('receipts').delete(IDBKeyRange.bound([id, ''], [id, '\uffff'])));
    quietly(this.write.objectStore('people').delete(id));
  }
  event(conversation: Id, seq: number): Promise<EventRecord | undefined> {
    return this.tx.objectStore('events').get([conversation, seq]);
  }
  putEvent(event: EventRecord): void {
    quietly(this.write.objectStore('events').put(event));
  }
  events(conversation: Id, first: number, last: number): Promise<EventRecord[]> {
    if (first > last) return Promise.resolve([]);
    return this.tx.objectStore('events').getAll(IDBKeyRange.bound([conversation, first], [conversation, last]));
  }
  async changes(conversation: Id, first: number, last: number): Promise<EventRecord[]> {
    const range = IDBKeyRange.bound([conversation, first, 0], [conversation, last, Infinity]);
    const found = await this.tx.objectStore('events').index('target').getAll(range);
    return found.sort((a, b) => a.seq - b.seq);
  }
  eraseHistory(): void {
    for (const store of ['registers', 'conversations', 'events', 'receipts', 'people'] as const)
      quietly(this.write.objectStore(store).clear());
  }
  outbox(): Promise<OutboxRecord[]> {
    return this.tx.objectStore('outbox').getAll();
  }
  eraseOutbox(number: number): void {
    quietly(this.write.objectStore('outbox').delete(number));
  }
  intents(): Promise<Intent[]> {
    return this.tx.objectStore('intents').getAll();
  }
  eraseIntent(key: string): void {
    quietly(this.write.objectStore('intents').delete(key));
  }
}

/** `flushed`: on the disk before it is said to be kept (what a person wrote, keys). `relaxed`: what the daemon repeats. */
export async function transact<T>(
  database: Database,
  durability: 'flushed' | 'relaxed',
  work: (rows: IdbRows, tx: WriteTransaction) => Promise<T>,
): Promise<T> {
  const tx = database.transaction([...writeStores], 'readwrite', {
    durability: durability === 'flushed' ? 'strict' : 'relaxed',
  });
  try {
    const result = await work(new IdbRows(tx), tx);
    await tx.done;
    return result;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It is over already.
    }
    await tx.done.catch(() => undefined);
    throw error;
  }
}

export async function read<T>(database: Database, work: (rows: IdbRows, tx: ReadTransaction) => Promise<T>): Promise<T> {
  const tx = database.transaction([...writeStores], 'readonly');
  const result = await work(new IdbRows(tx), tx);
  await tx.done;
  return result;
}
