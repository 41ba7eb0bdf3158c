// What a chat list shows of a conversation, from what is held: read anew at every write that touches it.
import { Held } from './held';
import { countsFrom, numbersOf, type Counted } from './numbers';
import { stateOf } from './message_state';
import { EventKind, RegisterKind, type EventRecord, type Id, type Intent, type Interval, type OutboxRecord, type StateRecord, type Summary } from './records';
import type { Rows, Self } from './rows';

/** What is mine and the same for all conversations of a write. */
export interface Mine {
  readonly blocked: ReadonlySet<Id>;
  readonly intents: readonly Intent[];
  readonly outbox: readonly OutboxRecord[];
}

// A stranger's flood of muffled lines must not make a list read the whole log for one line of preview.
const previewTries = 20;

export async function summaryOf(
  rows: Rows,
  kept: Held,
  self: Self,
  intervals: readonly Interval[],
  since: number,
  mine: Mine,
): Promise<Summary> {
  const hidden = await hiddenIn(rows, kept.id, mine.intents);
  const { marker, rev } = await markerOf(rows, kept, mine.intents);
  const counted: Counted = { base: kept.base, held: kept.held, skipped: kept.skipped, head: kept.head(), marker, rev };
  const events = await rows.events(kept.id, countsFrom(counted), Infinity);
  const viewer = { self: self.id, blocked: mine.blocked, intervals };
  const numbers = numbersOf(counted, events, viewer, self, hidden);
  const last = await newestLine(rows, kept, hidden, mine.blocked);
  return {
    head: counted.head,
    marker,
    rev,
    ...numbers,
    owed: kept.missing(intervals).reduce((sum, range) => sum + range.last - range.first + 1, 0),
    activity: last ? last.at : since,
    ...(last ? { last } : {}),
  };
}

/** Seqs that I deleted for myself, or am about to. */
export async function hiddenIn(rows: Rows, id: Id, intents: readonly Intent[]): Promise<Set<number>> {
  const entries = await rows.registers(RegisterKind.hide, id);
  const hidden = new Set(entries.filter((each) => !each.removed).map((each) => each.messageSeq));
  for (const intent of intents) {
    if (intent.kind !== 'hide' || intent.conversation !== id) continue;
    if (intent.on) hidden.add(intent.seq);
    else hidden.delete(intent.seq);
  }
  return hidden;
}

/** The greatest (rev, seq) of what the daemon said, and what I read within that revision. */
async function markerOf(rows: Rows, kept: Held, intents: readonly Intent[]): Promise<{ marker: number; rev: number }> {
  let rev = kept.base?.rev ?? 0;
  let marker = kept.base?.marker ?? 0;
  const entry = await rows.register(RegisterKind.marker, kept.id);
  if (entry && !entry.removed && (entry.rev > rev || (entry.rev === rev && entry.seq > marker))) {
    rev = entry.rev;
    marker = entry.seq;
  }
  for (const intent of intents)
    if (intent.kind === 'read' && intent.conversation === kept.id && intent.rev === rev)
      marker = Math.max(marker, intent.seq);
  return { marker, rev };
}

/** Newest message or system line that is to be seen, with what became of it. */
async function newestLine(
  rows: Rows,
  kept: Held,
  hidden: ReadonlySet<number>,
  blocked: ReadonlySet<Id>,
): Promise<EventRecord | undefined> {
  const ranges = kept.held.ranges();
  let tries = previewTries;
  for (let at = ranges.length - 1; at >= 0; at -= 1) {
    for (const shown of kept.silent.holes(ranges[at]!.first, ranges[at]!.last).reverse()) {
      for (let seq = shown.last; seq >= shown.first && tries > 0; seq -= 1) {
        if (hidden.has(seq)) continue;
        tries -= 1;
        const event = await rows.event(kept.id, seq);
        if (event && !(event.kind === EventKind.message && blocked.has(event.authorId))) return withState(rows, event);
      }
    }
  }
  return undefined;
}

export async function withState(rows: Rows, event: EventRecord): Promise<EventRecord> {
  if (event.kind !== EventKind.message) return event;
  const state: StateRecord = stateOf(event, await rows.changes(event.conversation, event.seq, event.seq));
  return { ...event, state };
}
