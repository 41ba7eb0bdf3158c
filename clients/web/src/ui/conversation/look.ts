// How a row looks beside its neighbours: whether a day begins, whether an author's run begins.
import type { Item } from '../../app/client';
import { dayOf } from '../../i18n/dates';

export interface Look {
  /** Day to be named above the row, as its milliseconds; 0: none. */
  readonly day: number;
  /** First of a run by the same author: name, seal and air above it. */
  readonly heads: boolean;
}

// Who pauses longer begins anew.
const runMs = 5 * 60_000;

/** Whether an item takes any room. */
export function isSeen(item: Item | undefined): boolean {
  return item !== undefined && item.kind !== 'muffled' && !(item.kind === 'system' && item.what === 'unknown');
}

export function lookOf(item: Item, previous: Item | undefined): Look {
  if (item.kind !== 'message' && item.kind !== 'system') return { day: 0, heads: true };
  const before = previous && (previous.kind === 'message' || previous.kind === 'system') ? previous : undefined;
  // Behind a hole or something not read yet the day is not known to be new: it is named once the neighbour is here.
  const day = before ? dayOf(before.atMs) !== dayOf(item.atMs) : previous === undefined;
  const runs =
    !day && item.kind === 'message' && before?.kind === 'message' && before.author.id === item.author.id &&
    item.atMs - before.atMs < runMs && !item.replyTo && !item.forwardedFrom;
  return { day: day ? item.atMs : 0, heads: !runs };
}

/** The nearest item before `index` that takes room; looks back a little only. */
export function seenBefore(at: (index: number) => Item | undefined, index: number): Item | undefined {
  for (let i = index - 1; i >= 0 && i >= index - 20; i--) {
    const item = at(i);
    if (isSeen(item)) return item;
  }
  return undefined;
}
