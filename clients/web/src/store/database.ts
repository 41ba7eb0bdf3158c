// The database and its stores. A newer version of the page waits for older tabs to close theirs.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type {
  ConversationRecord,
  EventRecord,
  Id,
  Intent,
  LocalDraft,
  OutboxRecord,
  PersonRecord,
  RegisterRecord,
  SyncPoint,
} from '../sync/records';

/** What a newcomer asked for; see Join. `secret` is that of the link, as hex digits. */
export interface JoinWish {
  readonly secret: Id;
  readonly handle: string;
  readonly name: string;
  readonly deviceName: string;
}

/** Who this device is. Written twice: with the key before the key is told to anybody, so that a lost answer can be asked
 *  for again, and with the device id that came of it. */
export interface Identity {
  readonly origin: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** Empty: the journey (join, pair, recover) has not ended. */
  readonly deviceId: Id;
  readonly deviceName: string;
  readonly member: PersonRecord;
  readonly inviter: string;
  /** Joins that were told with this key and of which no answer came: one of them may have made the account. */
  readonly wishes?: readonly JoinWish[];
}

export interface ReceiptRecord {
  readonly conversation: Id;
  readonly handle: string;
  readonly delivered: number;
  readonly read: number;
}

export interface PictureRecord {
  readonly id: Id;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface PeopleRecord {
  readonly conversation: Id;
  readonly people: readonly (PersonRecord & { readonly owner: boolean })[];
}

export interface Schema extends DBSchema {
  meta: { key: string; value: unknown };
  registers: { key: [number, string]; value: RegisterRecord };
  conversations: { key: Id; value: ConversationRecord };
  events: {
    key: [Id, number];
    value: EventRecord;
    /** Holds changes only: others have no target. */
    indexes: { target: [Id, number, number] };
  };
  outbox: { key: number; value: OutboxRecord; indexes: { clientId: Id } };
  intents: { key: string; value: Intent };
  drafts: { key: [Id, string]; value: LocalDraft };
  receipts: { key: [Id, string]; value: ReceiptRecord };
  pictures: { key: Id; value: PictureRecord };
  people: { key: Id; value: PeopleRecord };
}

export type Database = IDBPDatabase<Schema>;

const version = 1;

export const freshPoint = (): SyncPoint => ({
  epoch: 1,
  cursor: new Uint8Array(),
  rseq: 0,
  at: 0,
  ticket: new Uint8Array(),
});

/** `gone` is called when another tab deletes the database, or a newer version wants it: this tab lets go. */
export async function openDatabase(name: string, gone: () => void): Promise<Database> {
  const database = await openDB<Schema>(name, version, {
    upgrade(fresh) {
      fresh.createObjectStore('meta');
      fresh.createObjectStore('registers', { keyPath: ['kind', 'key'] });
      fresh.createObjectStore('conversations', { keyPath: 'id' });
      const events = fresh.createObjectStore('events', { keyPath: ['conversation', 'seq'] });
      events.createIndex('target', ['conversation', 'target', 'seq']);
      const outbox = fresh.createObjectStore('outbox', { keyPath: 'number', autoIncrement: true });
      outbox.createIndex('clientId', 'clientId', { unique: true });
      fresh.createObjectStore('intents', { keyPath: 'key' });
      fresh.createObjectStore('drafts', { keyPath: ['conversation', 'tab'] });
      fresh.createObjectStore('receipts', { keyPath: ['conversation', 'handle'] });
      fresh.createObjectStore('pictures', { keyPath: 'id' });
      fresh.createObjectStore('people', { keyPath: 'conversation' });
    },
    blocking() {
      database.close();
      gone();
    },
    terminated: gone,
  });
  return database;
}

export const eraseDatabase = (name: string): Promise<void> => deleteDB(name);
