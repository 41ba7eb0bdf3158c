// Rows in memory, as a store would keep them: for tests of the rules.
import type { ConversationRecord, EventRecord, Id, Intent, OutboxRecord, RegisterRecord, SyncPoint } from '../../src/sync/records';
import type { Rows } from '../../src/sync/rows';

const copy = <T>(value: T): T => structuredClone(value);

export class MemoryRows implements Rows {
  private at: SyncPoint = { epoch: 1, cursor: new Uint8Array(), rseq: 0, at: 0, ticket: new Uint8Array() };
  private readonly kept = new Map<string, RegisterRecord>();
  private readonly records = new Map<Id, ConversationRecord>();
  private readonly log = new Map<Id, Map<number, EventRecord>>();
  readonly outboxRecords: OutboxRecord[] = [];
  readonly intentRecords = new Map<string, Intent>();

  async point() {
    return this.at;
  }
  putPoint(point: SyncPoint) {
    this.at = point;
  }
  async register(kind: number, key: string) {
    return copy(this.kept.get(`${kind} ${key}`));
  }
  putRegister(entry: RegisterRecord) {
    this.kept.set(`${entry.kind} ${entry.key}`, copy(entry));
  }
  async registers(kind: number, prefix = '') {
    return [...this.kept.values()].filter((each) => each.kind === kind && each.key.startsWith(prefix)).map(copy);
  }
  async conversation(id: Id) {
    return copy(this.records.get(id));
  }
  async conversations() {
    return [...this.records.values()].map(copy);
  }
  putConversation(row: ConversationRecord) {
    this.records.set(row.id, copy(row));
  }
  eraseConversation(id: Id) {
    this.records.delete(id);
    this.log.delete(id);
  }
  private entries(id: Id): EventRecord[] {
    return [...(this.log.get(id)?.values() ?? [])].sort((a, b) => a.seq - b.seq);
  }
  async event(id: Id, seq: number) {
    return copy(this.log.get(id)?.get(seq));
  }
  putEvent(event: EventRecord) {
    const log = this.log.get(event.conversation) ?? new Map<number, EventRecord>();
    this.log.set(event.conversation, log);
    log.set(event.seq, copy(event));
  }
  async events(id: Id, first: number, last: number) {
    return this.entries(id).filter((each) => each.seq >= first && each.seq <= last).map(copy);
  }
  async changes(id: Id, first: number, last: number) {
    return this.entries(id).filter((each) => each.target !== undefined && each.target >= first && each.target <= last).map(copy);
  }
  eraseHistory() {
    this.kept.clear();
    this.records.clear();
    this.log.clear();
  }
  async outbox() {
    return this.outboxRecords;
  }
  eraseOutbox(number: number) {
    const at = this.outboxRecords.findIndex((each) => each.number === number);
    if (at >= 0) this.outboxRecords.splice(at, 1);
  }
  async intents() {
    return [...this.intentRecords.values()];
  }
  eraseIntent(key: string) {
    this.intentRecords.delete(key);
  }
}
