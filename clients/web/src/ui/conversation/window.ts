// What of the history is drawn, and where, so that nothing jumps. Pure arithmetic; `Scroller.tsx` does the drawing.
//
// The scroll position belongs to the person: while a finger or a wheel moves it, it is not written (iOS would stop the
// momentum). What is learnt about heights above the reader's place goes into `drift` instead: all rows are drawn that
// much lower than the heights say. When scrolling rests, or the beginning comes near, drift is settled into the scroll
// position and the rows within one frame, which nobody sees.
import type { Heights } from './heights';

export interface Range {
  from: number; // index, inclusive
  to: number; // index, exclusive
}

/** The item by which the reader's place is held: its lower edge, because headings come and go at upper edges. */
export interface Anchor {
  key: string;
  index: number;
  fromTop: number; // pixels from the upper edge of the viewport to the item's lower edge
}

/** Items to draw: those on screen and `margin` pixels around. `top`: where the viewport is, in the heights' own space. */
export function rangeAt(heights: Heights, top: number, viewport: number, margin: number): Range {
  if (heights.length === 0) return { from: 0, to: 0 };
  const from = heights.indexAt(Math.max(0, top - margin));
  const to = heights.indexAt(Math.max(0, top + viewport + margin)) + 1;
  return { from, to: Math.min(heights.length, to) };
}

/** Holds the first item whose lower edge is on screen. */
export function anchorAt(heights: Heights, top: number, keyAt: (index: number) => string): Anchor | undefined {
  if (heights.length === 0) return undefined;
  const index = heights.indexAt(Math.max(0, top));
  return { key: keyAt(index), index, fromTop: heights.offset(index + 1) - top };
}

/** Where the viewport has to be, in the heights' own space, for the anchor to be where it was. */
export function topOf(heights: Heights, anchor: Anchor): number {
  return heights.offset(anchor.index + 1) - anchor.fromTop;
}

/** Where the viewport has to be to show an item: a quarter down, or at its top when it is nearly as high as the screen. */
export function topShowing(heights: Heights, index: number, viewport: number): number {
  const height = heights.at(index);
  const above = height > viewport * 0.7 ? 0 : Math.min(viewport / 4, (viewport - height) / 2);
  return Math.max(0, heights.offset(index) - above);
}

/** Whether drift must be settled now although the person scrolls: the first item would begin in the wrong place. */
export function mustSettle(top: number, drift: number, viewport: number): boolean {
  return Math.abs(drift) >= 1 && top < viewport;
}

/** What of the baton's place: the item at the upper edge and how much of it is above, in thousandths of its height. */
export function placeAt(heights: Heights, top: number): { index: number; thousandths: number } {
  const index = heights.indexAt(Math.max(0, top));
  const height = heights.at(index);
  const above = Math.max(0, top - heights.offset(index));
  return { index, thousandths: height > 0 ? Math.min(999, Math.floor((above / height) * 1000)) : 0 };
}

export interface Change {
  from: number; // first index that differs
  removed: number;
  added: number;
}

/** The one stretch in which two lists differ, by looking at O(log n) keys: a list changes in one place at a time. */
export function changeBetween(
  oldCount: number,
  oldKey: (index: number) => string | undefined,
  count: number,
  keyAt: (index: number) => string,
): Change {
  const shorter = Math.min(oldCount, count);
  const from = boundary(shorter, (i) => oldKey(i) === keyAt(i));
  const tail = boundary(shorter - from, (i) => oldKey(oldCount - 1 - i) === keyAt(count - 1 - i));
  return { from, removed: oldCount - from - tail, added: count - from - tail };
}

// How many of the first `count` hold, when those that hold come first.
function boundary(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
