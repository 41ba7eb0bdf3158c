// The port to what a device keeps, inside one transaction: all of it or nothing. Adapters: store/transaction.ts; tests
// have one in memory. Puts replace the record of the same key.
import type { ConversationRecord, EventRecord, Id, Intent, OutboxRecord, RegisterRecord, SyncPoint } from './records';

export interface Rows {
  point(): Promise<SyncPoint>;
  putPoint(point: SyncPoint): void;

  /** Tombstones are found, too. */
  register(kind: number, key: string): Promise<RegisterRecord | undefined>;
  putRegister(entry: RegisterRecord): void;
  /** Tombstones included, ascending by key; with a prefix only keys that begin with it. */
  registers(kind: number, prefix?: string): Promise<RegisterRecord[]>;

  conversation(id: Id): Promise<ConversationRecord | undefined>;
  conversations(): Promise<ConversationRecord[]>;
  putConversation(row: ConversationRecord): void;
  /** Its events, receipts and people as well. */
  eraseConversation(id: Id): void;

  event(conversation: Id, seq: number): Promise<EventRecord | undefined>;
  /** Also in place of one that is held. */
  putEvent(event: EventRecord): void;
  /** Those held of [first, last], ascending. */
  events(conversation: Id, first: number, last: number): Promise<EventRecord[]>;
  /** Events held that change a message of [first, last], ascending by their seq. */
  changes(conversation: Id, first: number, last: number): Promise<EventRecord[]>;
  /** Registers, conversations, events, receipts and people; identity, sync point, outbox, intents and local drafts stay. */
  eraseHistory(): void;

  /** Ascending by number. */
  outbox(): Promise<OutboxRecord[]>;
  eraseOutbox(number: number): void;
  intents(): Promise<Intent[]>;
  eraseIntent(key: string): void;
}

/** For whom everything is looked at. */
export interface Self {
  readonly id: Id;
  readonly handle: string;
}
