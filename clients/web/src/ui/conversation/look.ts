// How a row looks beside its neighbours: whether a day begins, whether an author's run begins.
import type { Item } from '../../app/client';
import { dayOf } from '../../i18n/dates';

export interface Look {
  /** Day to be named above the row, as its milliseconds; 0: none. */
  readonly day: number;
  /** First of a run by the same author: name, seal and air above it. */
  readonly heads: boolean;
  /** Shows its time: the next one is of another author or another minute. */
  readonly timed: boolean;
}

// Who pauses longer begins anew.
const runMs = 5 * 60_000;

/** Whether an item takes any room. */
export function isSeen(item: Item | undefined): boolean {
  return item !== undefined && item.kind !== 'muffled' && !(item.kind === 'system' && item.what === 'unknown');
}

export function lookOf(item: Item, previous: Item | undefined, next: Item | undefined): Look {
  if (item.kind !== 'message' && item.kind !== 'system') return { day: 0, heads: true, timed: true };
  const before = previous && (previous.kind === 'message' || previous.kind === 'system') ? previous : undefined;
  // Behind a hole or something not read yet the day is not known to be new: it is named once the neighbour is here.
  const day = before ? dayOf(before.atMs) !== dayOf(item.atMs) : previous === undefined;
  const runs =
    !day &&
    item.kind === 'message' &&
    before?.kind === 'message' &&
    before.author.id === item.author.id &&
    item.atMs - before.atMs < runMs &&
    !item.replyTo &&
    !item.forwardedFrom;
  const sameMinute =
    item.kind === 'message' &&
    next?.kind === 'message' &&
    next.author.id === item.author.id &&
    Math.floor(next.atMs / 60_000) === Math.floor(item.atMs / 60_000);
  return { day: day ? item.atMs : 0, heads: !runs, timed: !sameMinute };
}

/** The nearest item before (`step` -1) or after (1) `index` that takes room; looks a little way only. */
export function seenBeside(at: (index: number) => Item | undefined, index: number, step: -1 | 1): Item | undefined {
  for (let i = index + step; i >= 0 && Math.abs(i - index) <= 20; i += step) {
    const item = at(i);
    if (item === undefined) return undefined;
    if (isSeen(item)) return item;
  }
  return undefined;
}
