// The arithmetic state of one scroller: which item stands where. Knows the list and the heights, not the document; so it
// is tested without one. `Scroller.tsx` tells it what it measured and does what it says. See window.ts for `drift`.
import type { Conversation } from '../../app/client';
import { Heights } from './heights';
import { anchorAt, changeBetween, rangeAt, topOf, topShowing, type Anchor, type Range } from './window';

/** The part of a Conversation that is needed here. */
export type ItemList = Pick<Conversation, 'count' | 'at' | 'keyAt'>;

// A usual row: a line of text, its share of names and days. What is not measured yet is taken for one.
export const rowEstimate = 48;
// Distances around the screen: drawn, and drawn at the least before more is drawn.
const drawnMargin = 900;
const slackMargin = 350;

export class Track {
  readonly heights = new Heights();
  /** Pixels by which all rows are drawn lower than the heights say. */
  drift = 0;
  viewport = 0;
  private keys: string[] = [];
  private readonly measured = new Map<string, number>();
  drawn: Range = { from: 0, to: 0 };

  constructor(private readonly list: ItemList) {}

  /** Takes over what changed in the list, holding the reader's place at scroll position `scroll`. True: it changed. */
  sync(scroll: number): boolean {
    const { list, keys } = this;
    const count = list.count;
    const { from, removed, added } = changeBetween(
      keys.length,
      (i) => keys[i],
      count,
      (i) => list.keyAt(i),
    );
    if (removed === 0 && added === 0) return false;
    const anchor = this.anchor(scroll);
    const fresh: string[] = [];
    const heights: number[] = [];
    for (let i = from; i < from + added; i++) {
      const key = list.keyAt(i);
      fresh.push(key);
      heights.push(this.measured.get(key) ?? this.estimate(key, i));
    }
    this.heights.splice(from, removed, heights);
    if (removed === 0 && from === keys.length) for (const key of fresh) keys.push(key);
    else this.keys = keys.slice(0, from).concat(fresh, keys.slice(from + removed));
    if (anchor) this.holdAt(scroll, moved(anchor, from, removed, added, fresh));
    return true;
  }

  /** A height was seen. Returns whether it is news. */
  measure(index: number, height: number): boolean {
    const key = this.keys[index];
    if (key === undefined) return false;
    this.measured.set(key, height);
    return this.heights.set(index, height) !== 0;
  }

  /** Runs `change` (of heights), with the reader's place held. */
  hold(scroll: number, change: () => void): void {
    const anchor = this.anchor(scroll);
    change();
    if (anchor) this.holdAt(scroll, anchor);
  }

  private holdAt(scroll: number, anchor: Anchor): void {
    this.drift = scroll - topOf(this.heights, anchor);
  }

  /** The item by which the place at `scroll` is held: the first on screen that has been seen. What was not, was a blank,
   *  and nobody looks at a blank. */
  anchor(scroll: number): Anchor | undefined {
    const top = this.top(scroll);
    const first = anchorAt(this.heights, top, (i) => this.keys[i] ?? '');
    if (!first || this.measured.has(first.key)) return first;
    for (let index = first.index + 1; index < this.heights.length; index++) {
      const key = this.keys[index]!;
      if (this.heights.offset(index) - top >= this.viewport) break;
      if (this.measured.has(key)) return { key, index, fromTop: this.heights.offset(index + 1) - top };
    }
    return first;
  }

  /** Position of the viewport in the heights' own space. */
  top(scroll: number): number {
    return scroll - this.drift;
  }

  /** Where the rows that are drawn begin. */
  get blockTop(): number {
    return this.heights.offset(this.drawn.from) + this.drift;
  }

  /** Height of the whole, as it stands. */
  get spaceHeight(): number {
    return Math.max(0, this.heights.total + this.drift);
  }

  /** Scroll position after drift went into it. */
  settle(scroll: number): number {
    const settled = Math.max(0, scroll - this.drift);
    this.drift = 0;
    return settled;
  }

  /** What is on screen, as indices. */
  visible(scroll: number): Range {
    return rangeAt(this.heights, this.top(scroll), this.viewport, 0);
  }

  /** Draws anew what is around the screen. */
  draw(scroll: number): Range {
    this.drawn = rangeAt(this.heights, this.top(scroll), this.viewport, drawnMargin);
    return this.drawn;
  }

  /** Whether the screen comes near the end of what is drawn. */
  needsDrawing(scroll: number): boolean {
    const least = rangeAt(this.heights, this.top(scroll), this.viewport, slackMargin);
    return least.from < this.drawn.from || least.to > this.drawn.to;
  }

  showing(index: number): number {
    return topShowing(this.heights, index, this.viewport);
  }

  indexOfKey(key: string, near: number): number {
    if (this.keys[near] === key) return near;
    return this.keys.indexOf(key);
  }

  private estimate(key: string, index: number): number {
    if (!key.startsWith('hole')) return rowEstimate;
    const item = this.list.at(index);
    return item?.kind === 'hole' ? item.count * rowEstimate : rowEstimate;
  }
}

// Where an anchor went when `removed` items at `from` gave way to `added`. A hole that was paid keeps its lower edge: what
// the reader saw stands below it.
function moved(anchor: Anchor, from: number, removed: number, added: number, fresh: readonly string[]): Anchor {
  if (anchor.index < from) return anchor;
  if (anchor.index >= from + removed) return { ...anchor, index: anchor.index + added - removed };
  const again = fresh.indexOf(anchor.key);
  if (again >= 0) return { ...anchor, index: from + again };
  return { ...anchor, index: Math.max(0, from + added - 1) };
}
