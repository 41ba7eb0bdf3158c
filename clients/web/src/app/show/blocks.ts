// Reading what a conversation shows from the local store.
import type { ReadTransaction } from '../../store/transaction';
import { Held } from '../../sync/held';
import { isDeleted, stateOf } from '../../sync/message_state';
import { EventKind, RegisterKind, type EventRecord, type Id, type Interval, type OutboxRecord } from '../../sync/records';
import type { Rows } from '../../sync/rows';
import { Slots } from '../../sync/slots';
import { hiddenIn } from '../../sync/summary';
import { covers } from '../../sync/unread';
import { reachesOf, type Reach } from './marks';

export interface BlockOf {
  readonly block: number;
  /** Entries that are lines of their own. */
  readonly events: readonly EventRecord[];
  readonly changes: Map<number, EventRecord[]>;
  readonly answered: Map<number, EventRecord>;
}

/** What a conversation is, but for its items; of one moment. */
export interface Snapshot {
  readonly held: Held;
  readonly slots: Slots;
  readonly starred: ReadonlySet<number>;
  readonly outbox: readonly OutboxRecord[];
  readonly receipts: readonly Reach[];
  readonly firstUnread: number;
  readonly pins: readonly number[];
}

export async function readSnapshot(
  rows: Rows,
  tx: ReadTransaction,
  id: Id,
  me: Id,
  blocked: (id: Id) => boolean,
): Promise<Snapshot> {
  const kept = new Held(id, await rows.conversation(id));
  const membership = await rows.register(RegisterKind.membership, id);
  const intervals = membership && !membership.removed ? membership.intervals : [];
  const intents = await rows.intents();
  const hidden = await hiddenIn(rows, id, intents);
  const stars = await rows.registers(RegisterKind.star, id);
  const starred = new Set(stars.filter((each) => !each.removed).map((each) => each.messageSeq));
  for (const each of intents) {
    if (each.kind !== 'star' || each.conversation !== id) continue;
    if (each.on) starred.add(each.seq);
    else starred.delete(each.seq);
  }
  const { held, skipped, silent } = kept;
  const receipts = await tx.objectStore('receipts').getAll(IDBKeyRange.bound([id, ''], [id, '\uffff']));
  return {
    held: kept,
    slots: new Slots({ held, skipped, silent, hidden, intervals, head: kept.head() }),
    starred,
    outbox: (await rows.outbox()).filter((each) => each.conversation === id),
    receipts: await reachesOf(rows, kept, membership?.conversationKind ?? 0, receipts),
    firstUnread: await firstUnreadOf(rows, kept, intervals, { me, blocked, hidden }),
    pins: await pinsOf(rows, kept, (event) => blocked(event.authorId) || hidden.has(event.seq)),
  };
}

/** `block` of `size` seqs, with what became of its entries and what they answer. */
export async function readBlock(rows: Rows, id: Id, block: number, size: number): Promise<BlockOf> {
  const [first, last] = [block * size, block * size + size - 1];
  const events = (await rows.events(id, first, last)).filter((each) => each.target === undefined);
  const changes = new Map<number, EventRecord[]>();
  const learn = (found: readonly EventRecord[]): void => {
    for (const each of found) changes.set(each.target!, [...(changes.get(each.target!) ?? []), each]);
  };
  learn(await rows.changes(id, first, last));
  const answered = new Map<number, EventRecord>();
  for (const { replyTo } of events) {
    if (!replyTo || answered.has(replyTo)) continue;
    const event = events.find((each) => each.seq === replyTo) ?? (await rows.event(id, replyTo));
    if (!event) continue;
    answered.set(replyTo, event);
    if (replyTo < first || replyTo > last) learn(await rows.changes(id, replyTo, replyTo));
  }
  return { block, events, changes, answered };
}

const lookAhead = 512;

/** The first entry behind the marker that counts, or the first that is not held; 0: there is none. */
async function firstUnreadOf(
  rows: Rows,
  kept: Held,
  intervals: readonly Interval[],
  who: { me: Id; blocked: (id: Id) => boolean; hidden: ReadonlySet<number> },
): Promise<number> {
  const { marker, head, unread } = kept.summary;
  if (unread === 0) return 0;
  const missing = kept.missing(intervals).find((each) => each.last > marker);
  const hole = missing ? Math.max(missing.first, marker + 1) : Infinity;
  for (let at = Math.floor((marker + 1) / lookAhead); at * lookAhead <= Math.min(head, hole); at += 1) {
    const block = await readBlock(rows, kept.id, at, lookAhead);
    const found = block.events.find(
      (each) =>
        each.seq > marker &&
        each.seq < hole &&
        each.kind === EventKind.message &&
        each.authorId !== who.me &&
        !who.blocked(each.authorId) &&
        !who.hidden.has(each.seq) &&
        covers(intervals, each.seq) &&
        !isDeleted(each, stateOf(each, block.changes.get(each.seq) ?? [])),
    );
    if (found) return found.seq;
  }
  return Number.isFinite(hole) ? hole : 0;
}

/** Pinned messages held that are to be seen, the newest pin first. */
async function pinsOf(rows: Rows, kept: Held, isUnseen: (event: EventRecord) => boolean): Promise<number[]> {
  const pinned: { seq: number; at: number }[] = [];
  for (const seq of kept.pinned) {
    const event = await rows.event(kept.id, seq);
    const at = event && !isUnseen(event) ? stateOf(event, await rows.changes(kept.id, seq, seq)).pinned : 0;
    if (at > 0) pinned.push({ seq, at });
  }
  return pinned.sort((a, b) => b.at - a.at).map((each) => each.seq);
}
