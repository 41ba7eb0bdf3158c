// The lines of a conversation by index, out of range sets: a log of 100,000 entries is a handful of ranges. A line is a
// held slot that is not silent and not hidden, or a whole hole.
import { RangeSet, sizeOf, type Range } from './range_set';
import type { Interval } from './records';

export type Line = { readonly kind: 'slot'; readonly seq: number } | { readonly kind: 'hole'; readonly range: Range };

interface Segment {
  readonly hole: boolean;
  readonly range: Range;
  /** Index of its first line. */
  readonly index: number;
}

export interface SlotsOf {
  readonly held: RangeSet;
  readonly skipped: RangeSet;
  readonly silent: RangeSet;
  readonly hidden: ReadonlySet<number>;
  readonly intervals: readonly Interval[];
  readonly head: number;
}

/** Immutable; made anew when what is held changes. */
export class Slots {
  private readonly segments: Segment[] = [];
  readonly count: number;

  constructor(of?: SlotsOf) {
    let index = 0;
    if (of) {
      const known = of.held.copy();
      known.addAll(of.skipped);
      const unseen = of.silent.copy();
      for (const seq of of.hidden) unseen.add(seq);
      for (const interval of of.intervals) {
        const first = Math.max(1, interval.joined);
        const last = interval.left ? Math.min(interval.left, of.head) : of.head;
        const shown = of.held.within(first, last).flatMap((range) => unseen.holes(range.first, range.last));
        const parts = [
          ...shown.map((range) => ({ hole: false, range })),
          ...known.holes(first, last).map((range) => ({ hole: true, range })),
        ].sort((a, b) => a.range.first - b.range.first);
        for (const part of parts) {
          this.segments.push({ ...part, index });
          index += part.hole ? 1 : sizeOf(part.range);
        }
      }
    }
    this.count = index;
  }

  at(index: number): Line | undefined {
    if (index < 0 || index >= this.count) return undefined;
    const segment = this.segments[this.findLast((each) => each.index <= index)]!;
    if (segment.hole) return { kind: 'hole', range: segment.range };
    return { kind: 'slot', seq: segment.range.first + index - segment.index };
  }
  /** Index of the line of `seq`, or of the hole it is in, or of the next line after it; count when there is none. */
  indexOf(seq: number): number {
    const at = this.findLast((each) => each.range.first <= seq);
    if (at < 0) return 0;
    const segment = this.segments[at]!;
    if (seq > segment.range.last) return segment.index + (segment.hole ? 1 : sizeOf(segment.range));
    return segment.hole ? segment.index : segment.index + seq - segment.range.first;
  }
  /** The lines [first, last] as stretches of seqs and holes, for loading. */
  stretch(first: number, last: number): { slots: Range[]; holes: Range[] } {
    const slots: Range[] = [];
    const holes: Range[] = [];
    for (let at = Math.max(0, this.findLast((each) => each.index <= Math.max(0, first))); at < this.segments.length; at += 1) {
      const segment = this.segments[at]!;
      if (segment.index > last) break;
      if (segment.hole) {
        holes.push(segment.range);
        continue;
      }
      const from = segment.range.first + Math.max(0, first - segment.index);
      const to = Math.min(segment.range.last, segment.range.first + last - segment.index);
      if (from <= to) slots.push({ first: from, last: to });
    }
    return { slots, holes };
  }

  /** Index of the last segment for which `holds`; they are ascending, so it holds for a beginning of them. */
  private findLast(holds: (segment: Segment) => boolean): number {
    let low = 0;
    let high = this.segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.segments[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
