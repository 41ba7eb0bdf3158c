// Reading what a conversation shows from the local store.
import { Held } from '../../sync/held';
import { EventKind, type EventRecord, type Id, type Interval } from '../../sync/records';
import type { Rows } from '../../sync/rows';
import { covers } from '../../sync/unread';
import { stateOf, isDeleted } from '../../sync/message_state';

export interface BlockOf {
  /** Entries that are lines of their own. */
  readonly events: readonly EventRecord[];
  readonly changes: Map<number, EventRecord[]>;
  readonly answered: Map<number, EventRecord>;
}

/** The entries of [first, last], with what became of them and what they answer. */
export async function readBlock(rows: Rows, id: Id, first: number, last: number): Promise<BlockOf> {
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
  return { events, changes, answered };
}

const lookAhead = 500;

/** The first entry behind the marker that counts, or the first that is not held; 0: there is none. */
export async function firstUnreadOf(
  rows: Rows,
  kept: Held,
  intervals: readonly Interval[],
  who: { me: Id; blocked: (id: Id) => boolean; hidden: ReadonlySet<number> },
): Promise<number> {
  const { marker, head, unread } = kept.summary;
  if (unread === 0) return 0;
  const missing = kept.missing(intervals).find((each) => each.last > marker);
  const hole = missing ? Math.max(missing.first, marker + 1) : Infinity;
  for (let from = marker + 1; from <= head && from < hole; from += lookAhead) {
    const block = await readBlock(rows, kept.id, from, Math.min(from + lookAhead - 1, hole - 1));
    const found = block.events.find(
      (each) =>
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

/** Pinned messages held, the newest pin first. */
export async function pinsOf(rows: Rows, kept: Held, before: readonly number[]): Promise<readonly number[]> {
  const pinned: { seq: number; at: number }[] = [];
  for (const seq of kept.pinned) {
    const event = await rows.event(kept.id, seq);
    const at = event ? stateOf(event, await rows.changes(kept.id, seq, seq)).pinned : 0;
    if (at > 0) pinned.push({ seq, at });
  }
  const seqs = pinned.sort((a, b) => b.at - a.at).map((each) => each.seq);
  return seqs.length === before.length && seqs.every((seq, i) => seq === before[i]) ? before : seqs;
}
