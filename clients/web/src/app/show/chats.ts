// The list of conversations: read once from the local store, then kept up by what changed. Rows that did not change keep
// their identity.
import { computed, signal } from '@preact/signals';
import type { Database } from '../../store/database';
import type { Changed } from '../../store/changes';
import { read, type ReadTransaction } from '../../store/transaction';
import { Held } from '../../sync/held';
import type { Rows } from '../../sync/rows';
import { isDeleted, stateOf, textOf } from '../../sync/message_state';
import {
  EventKind,
  RegisterKind,
  type ConversationRecord,
  type EventRecord,
  type Id,
  type Intent,
  type LocalDraft,
  type OutboxRecord,
  type RegisterRecord,
  type Summary,
} from '../../sync/records';
import type { CannotSend, ChatKind, ChatRow, Preview, SentState, SystemKind } from '../views';
import type { Directory } from './directory';
import { reachesOf, receiptMark, sentOf, type Reach } from './marks';

const kinds: Record<number, ChatKind> = { 1: 'direct', 2: 'group', 3: 'self' };
export const systemKinds: Record<number, SystemKind> = {
  [EventKind.created]: 'created',
  [EventKind.added]: 'added',
  [EventKind.removed]: 'removed',
  [EventKind.left]: 'left',
  [EventKind.titled]: 'titled',
};

const tieMutual = 3;
const draftShown = 200;

export class Chats {
  readonly rows = signal<readonly ChatRow[]>([]);
  readonly loaded = signal(false);
  readonly badge = computed(
    () => this.rows.value.filter((row) => row.unread > 0 && (!row.muted || row.mentions > 0)).length,
  );
  /** For one row, e.g. in an opened conversation. */
  readonly byId = computed(() => new Map(this.rows.value.map((row) => [row.id, row])));
  private records = new Map<Id, ConversationRecord>();
  private outbox: OutboxRecord[] = [];
  private drafts = new Map<Id, LocalDraft>();
  private typed = new Map<Id, string>();
  private receipts = new Map<Id, readonly Reach[]>();
  private intents: Intent[] = [];
  private flying: ReadonlySet<Id> = new Set();
  private dirty: { all: boolean; ids: Set<Id> } = { all: true, ids: new Set() };
  private reading: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly directory: Directory,
  ) {}

  /** The database closes: what is under way comes to nothing. */
  end(): void {
    this.ended = true;
  }
  private ended = false;

  load(): Promise<void> {
    return this.refresh({ all: true, ids: [] });
  }
  /** The directory has read the registers of `changed` already. */
  onChanged(changed: Changed): void {
    // Registers alone (a tie ended, I am out of a group) change rows whose records stay as they are.
    if (changed.registers.length > 0) this.show();
    void this.refresh({ all: changed.all, ids: changed.conversations });
  }
  onReceipts(id: Id): void {
    void this.refresh({ all: false, ids: [id] });
  }
  /** Of the leading tab. */
  onFlying(flying: readonly Id[]): void {
    if (flying.length === 0 && this.flying.size === 0) return;
    this.flying = new Set(flying);
    this.show();
  }
  /** A field of this tab says what is in it; undefined: it is closed. */
  onTyped(id: Id, text: string | undefined): void {
    if (this.typed.get(id) === text) return;
    if (text !== undefined) this.typed.set(id, text);
    else {
      this.typed.delete(id);
      this.onReceipts(id); // its local copy may be newer than what was read
      return;
    }
    this.show();
  }

  /** One reading at a time; what changes meanwhile is read by the next. */
  private refresh(what: { all: boolean; ids: readonly Id[] }): Promise<void> {
    this.dirty.all ||= what.all;
    for (const id of what.ids) this.dirty.ids.add(id);
    this.reading ??= (async () => {
      await Promise.resolve();
      while (!this.ended && (this.dirty.all || this.dirty.ids.size > 0)) {
        const { all, ids } = this.dirty;
        this.dirty = { all: false, ids: new Set() };
        await this.read(all, [...ids]);
        this.show();
      }
    })()
      .catch((error: unknown) => {
        if (!this.ended) throw error;
      })
      .finally(() => {
        this.reading = undefined;
        this.loaded.value = true;
        // It changed between the last look and here.
        if (!this.ended && (this.dirty.all || this.dirty.ids.size > 0)) void this.refresh({ all: false, ids: [] });
      });
    return this.reading;
  }
  private async read(all: boolean, ids: readonly Id[]): Promise<void> {
    await read(this.database, async (rows, tx) => {
      this.outbox = await rows.outbox();
      this.intents = await rows.intents();
      if (all) {
        this.records = new Map((await rows.conversations()).map((each) => [each.id, each]));
        const drafts = await tx.objectStore('drafts').getAll();
        this.drafts = new Map(drafts.sort((a, b) => a.at - b.at).map((each) => [each.conversation, each]));
      } else {
        for (const id of ids) {
          const record = await rows.conversation(id);
          if (record) this.records.set(id, record);
          else this.records.delete(id);
          this.drafts.delete(id);
          const drafts = await tx.objectStore('drafts').getAll(IDBKeyRange.bound([id, ''], [id, '\uffff']));
          for (const each of drafts.sort((a, b) => a.at - b.at)) this.drafts.set(id, each);
        }
      }
      if (all) this.receipts = new Map();
      await Promise.all([...(all ? this.records.keys() : ids)].map((id) => this.readReceipts(rows, tx, id)));
    });
  }
  /** They show only beside a last message of my own. */
  private async readReceipts(rows: Rows, tx: ReadTransaction, id: Id): Promise<void> {
    const record = this.records.get(id);
    this.receipts.delete(id);
    if (!record || record.summary.last?.authorId !== this.directory.me.peek()?.id) return;
    const found = await tx.objectStore('receipts').getAll(IDBKeyRange.bound([id, ''], [id, '\uffff']));
    const kind = this.directory.find(RegisterKind.membership, id)?.conversationKind ?? 0;
    this.receipts.set(id, await reachesOf(rows, new Held(id, record), kind, found));
  }

  private show(): void {
    const before = this.byId.peek();
    const rows = this.directory
      .all(RegisterKind.membership)
      .map((membership) => this.rowOf(membership))
      .map((row) => {
        const kept = before.get(row.id);
        return kept && JSON.stringify(kept) === JSON.stringify(row) ? kept : row;
      })
      .sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.activityMs - a.activityMs || (a.id < b.id ? -1 : 1));
    const now = this.rows.peek();
    if (rows.length === now.length && rows.every((row, i) => row === now[i])) return;
    this.rows.value = rows;
  }
  private rowOf(membership: RegisterRecord): ChatRow {
    const id = membership.conversation;
    const record = this.records.get(id);
    const kind = kinds[membership.conversationKind] ?? 'group';
    const peer = membership.peer ? this.directory.person(membership.peer.id, membership.peer.handle) : undefined;
    const draft = this.draftOf(id);
    const preview = this.previewOf(id, record?.summary.last, kind);
    const cannotSend = this.cannotSend(kind, peer?.id);
    return {
      id,
      kind,
      title: kind === 'group' ? record?.title || membership.title : '',
      ...(peer ? { peer } : {}),
      activityMs: Math.max(record?.summary.activity ?? membership.since, preview?.atMs ?? 0),
      unread: record?.summary.unread ?? 0,
      mentions: record?.summary.mentions ?? 0,
      muted: this.flag('mute', RegisterKind.mute, id),
      pinned: this.flag('pin', RegisterKind.pin, id),
      ...(draft ? { draft } : {}),
      ...(preview ? { preview } : {}),
      ...(cannotSend ? { cannotSend } : {}),
      head: record?.summary.head ?? 0,
      marker: record?.summary.marker ?? 0,
    };
  }
  private flag(kind: 'mute' | 'pin', register: number, id: Id): boolean {
    const intent = this.intents.find((each) => each.kind === kind && each.conversation === id);
    return intent ? intent.on : this.directory.has(register, id);
  }
  private draftOf(id: Id): string {
    const text = this.typed.get(id) ?? this.drafts.get(id)?.text ?? this.directory.find(RegisterKind.draft, id)?.text ?? '';
    return text.trim() === '' ? '' : text.slice(0, draftShown);
  }
  private cannotSend(kind: ChatKind, peer: Id | undefined): CannotSend | undefined {
    if (kind !== 'direct' || !peer) return undefined;
    if (this.directory.isBlocked(peer)) return 'blocked';
    return this.directory.find(RegisterKind.tie, peer)?.tie === tieMutual ? undefined : 'ended';
  }
  /** A message of mine that waits is newer than all that is held. */
  private previewOf(id: Id, last: EventRecord | undefined, kind: ChatKind): Preview | undefined {
    const me = this.directory.me.peek();
    const waiting = this.outbox.findLast(
      (each) => each.conversation === id && (each.change.kind === 'send' || each.change.kind === 'forward'),
    );
    if (waiting && (waiting.change.kind === 'send' || waiting.change.kind === 'forward')) {
      const { clientId, change, at, committedAt } = waiting;
      return {
        seq: 0,
        kind: 'message',
        author: me?.handle ?? '',
        mine: true,
        text: change.body,
        deleted: false,
        atMs: committedAt || at,
        people: [],
        sent: sentOf(waiting, this.flying.has(clientId)),
      };
    }
    if (!last) return undefined;
    const isMessage = last.kind === EventKind.message;
    const state = stateOf(last, []);
    const mine = last.authorId === me?.id;
    const sent: SentState | undefined =
      isMessage && mine ? receiptMark(last.seq, kind, this.receipts.get(id) ?? [], me?.receipts ?? false) : undefined;
    return {
      seq: last.seq,
      kind: isMessage ? 'message' : (systemKinds[last.kind] ?? 'unknown'),
      author: last.author,
      mine,
      text: isMessage ? textOf(last, state) : last.body,
      deleted: isMessage && isDeleted(last, state),
      atMs: last.at,
      people: isMessage ? [] : (last.people ?? []).map((each) => each.handle),
      ...(sent ? { sent } : {}),
    };
  }
  summary(id: Id): Summary | undefined {
    return this.records.get(id)?.summary;
  }
  /** Messages of this conversation are on their way: what they clear comes with them. */
  hasQueued(id: Id): boolean {
    return this.outbox.some((each) => each.conversation === id && each.change.kind === 'send' && each.state === 'queued');
  }
}
