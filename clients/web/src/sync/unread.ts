// What counts as unread: the one rule, the same as server/core/derived/unread.h (tests/vectors/unread.json).
import { EventKind, type Id, type Interval } from './records';

/** What the rule looks at in one entry of a log. */
export interface Slot {
  readonly seq: number;
  readonly kind: number;
  readonly author: Id;
  readonly deleted: boolean;
  /** Deleted by the viewer for himself. */
  readonly hidden: boolean;
  /** Its present text mentions the viewer, by name or as one of all. */
  readonly mentioned: boolean;
}

export interface Viewer {
  readonly self: Id;
  readonly blocked: ReadonlySet<Id>;
  /** His membership; empty: he sees nothing. */
  readonly intervals: readonly Interval[];
}

export const covers = (intervals: readonly Interval[], seq: number): boolean =>
  intervals.some((each) => seq >= each.joined && (each.left === 0 || seq <= each.left));

/** A visible countable message by somebody else; the marker is not looked at. */
export const counts = (slot: Slot, viewer: Viewer): boolean =>
  slot.kind === EventKind.message &&
  !slot.deleted &&
  !slot.hidden &&
  slot.author !== viewer.self &&
  !viewer.blocked.has(slot.author) &&
  covers(viewer.intervals, slot.seq);

/** Counting entries behind the marker; `slots` in any order, each seq once. */
export const unread = (slots: readonly Slot[], viewer: Viewer, marker: number): number =>
  slots.filter((slot) => slot.seq > marker && counts(slot, viewer)).length;

/** Of the unread ones those that mention the viewer. */
export const unreadMentions = (slots: readonly Slot[], viewer: Viewer, marker: number): number =>
  slots.filter((slot) => slot.seq > marker && slot.mentioned && counts(slot, viewer)).length;
