// What a receipt says: "through here, of what its giver may see". So in a group it says nothing of a message from before
// he came. The rule is that of clients/cpp/view/fates.h, for his latest stay.
import type { RangeSet } from './range_set';
import { EventKind, type EventRecord } from './records';

/** Entries by which somebody comes to a group. */
export const isComing = (event: EventRecord): boolean => event.kind === EventKind.created || event.kind === EventKind.added;

function brings(event: EventRecord, handle: string): boolean {
  if (!isComing(event)) return false;
  return (event.people ?? []).some((each) => each.handle === handle) || (event.kind === EventKind.created && event.author === handle);
}

/** From where on he is known to have been there up to `end`, which his receipt reaches; Infinity: it is not known, for
 *  there is a hole. `comings`: those held, ascending. */
export function thereFrom(handle: string, end: number, held: RangeSet, comings: readonly EventRecord[]): number {
  const around = held.ranges().find((each) => each.first <= end && end <= each.last);
  if (!around) return Infinity;
  const came = comings.findLast((each) => each.seq >= around.first && each.seq <= end && brings(each, handle));
  return came?.seq ?? around.first;
}
