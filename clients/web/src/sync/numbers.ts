// unread and mentions of a conversation, as they follow from what is held: exactly where (marker, head] is held, else the
// daemon's numbers and what the events behind its head make of them. Nobody keeps a counter.
import { mentionsHandle, stateOf } from './message_state';
import type { RangeSet } from './range_set';
import { EventKind, isChange, type EventRecord, type HeadRecord, type Id } from './records';
import type { Self } from './rows';
import { counts, unread, unreadMentions, type Slot, type Viewer } from './unread';

// Beyond it the daemon's number is taken where it is for the same marker: both are the same by the rule, and a list of
// conversations must not read ten thousand bodies for one number.
const exactUpTo = 1000;

export interface Counted {
  readonly base: HeadRecord | undefined;
  readonly held: RangeSet;
  readonly skipped: RangeSet;
  readonly head: number;
  readonly marker: number;
  readonly rev: number;
}

export interface Numbers {
  readonly unread: number;
  readonly mentions: number;
}

/** True where the daemon's number is the one to continue from. */
function countsFromBase(what: Counted): boolean {
  const { base, head, marker } = what;
  if (!base || base.rev !== what.rev || base.marker !== marker) return false;
  if (head > marker + exactUpTo) return true;
  const known = what.held.copy();
  known.addAll(what.skipped);
  return !known.contains(marker + 1, head);
}

/** First seq whose event numbersOf has to see; all from there on. */
export const countsFrom = (what: Counted): number => (countsFromBase(what) ? what.base!.head : what.marker) + 1;

/** What changes behind the daemon's head do to its numbers, message by message: they say themselves whether it counted,
 *  whom it mentioned before the first of them, and whom after the last. */
function corrections(
  changes: ReadonlyMap<number, EventRecord[]>,
  viewer: Viewer,
  self: Self,
  hidden: ReadonlySet<number>,
  what: Counted,
): Numbers {
  let unreadBy = 0;
  let mentionsBy = 0;
  for (const [target, events] of changes) {
    if (target <= what.marker || target > what.base!.head) continue;
    let before: boolean | undefined;
    let now = false;
    let deleted = false;
    let author: Id = '';
    for (const event of events) {
      deleted ||= event.kind === EventKind.deleted && (event.counted ?? false);
      if (event.kind !== EventKind.edited && event.kind !== EventKind.deleted) continue;
      before ??= (event.formerMentionsAll ?? false) || (event.formerMentions ?? []).includes(self.handle);
      now = (event.mentionsAll ?? false) || (event.people ?? []).some((each) => each.handle === self.handle);
      author = event.targetAuthorId ?? '';
    }
    const slot: Slot = {
      seq: target,
      kind: EventKind.message,
      author,
      deleted: false,
      hidden: hidden.has(target),
      mentioned: false,
    };
    if (before === undefined || !counts(slot, viewer)) continue;
    if (deleted) unreadBy -= 1;
    if (before) mentionsBy -= 1;
    if (now && !deleted) mentionsBy += 1;
  }
  return { unread: unreadBy, mentions: mentionsBy };
}

/** `events`: all held from countsFrom on, ascending. */
export function numbersOf(
  what: Counted,
  events: readonly EventRecord[],
  viewer: Viewer,
  self: Self,
  hidden: ReadonlySet<number>,
): Numbers {
  const byBase = countsFromBase(what);
  const from = byBase ? what.base!.head : what.marker;
  const changes = new Map<number, EventRecord[]>();
  for (const event of events) {
    if (!isChange(event)) continue;
    const list = changes.get(event.target!);
    if (list) list.push(event);
    else changes.set(event.target!, [event]);
  }
  const slots = events.filter((event) => event.kind === EventKind.message).map((event): Slot => {
    const state = stateOf(event, changes.get(event.seq) ?? []);
    return {
      seq: event.seq,
      kind: EventKind.message,
      author: event.authorId,
      deleted: state.deleted !== 0,
      hidden: hidden.has(event.seq),
      mentioned: mentionsHandle(state, self.handle),
    };
  });
  let number = unread(slots, viewer, from);
  let mentions = unreadMentions(slots, viewer, from);
  if (byBase) {
    const by = corrections(changes, viewer, self, hidden, what);
    number += by.unread + what.base!.unread;
    mentions += by.mentions + what.base!.mentions;
  }
  return { unread: Math.max(0, number), mentions: Math.max(0, mentions) };
}
