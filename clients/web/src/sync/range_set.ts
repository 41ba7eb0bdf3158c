// Sets of seqs as ranges: what of a log is held. Seqs begin at 1; 0 is in no set.

/** Inclusive on both ends. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export const sizeOf = (range: Range): number => range.last - range.first + 1;

/** Invariant: `flat` is first, last, first, last ...; ascending, disjoint, never touching. */
export class RangeSet {
  private constructor(private flat: number[]) {}

  static empty(): RangeSet {
    return new RangeSet([]);
  }
  /** Of what `stored()` gave; keeps a copy. */
  static of(stored: ArrayLike<number> | undefined): RangeSet {
    return new RangeSet(stored ? Array.from(stored) : []);
  }
  static ofRanges(ranges: Iterable<Range>): RangeSet {
    const set = RangeSet.empty();
    for (const range of ranges) set.add(range.first, range.last);
    return set;
  }
  /** The form that stores keep: typed arrays are cloned at once. */
  stored(): Float64Array {
    return Float64Array.from(this.flat);
  }
  copy(): RangeSet {
    return new RangeSet([...this.flat]);
  }

  /** The empty range (first > last) adds nothing; a first of 0 means 1. */
  add(first: number, last: number = first): void {
    first = Math.max(first, 1);
    if (first > last) return;
    // Ranges that overlap or touch [first, last] melt into it. Nearly always it is the end of the set.
    let begin = this.firstEndingAt(first - 1);
    let end = begin;
    while (end < this.flat.length && this.flat[end]! <= last + 1) end += 2;
    if (begin < end) {
      first = Math.min(first, this.flat[begin]!);
      last = Math.max(last, this.flat[end - 1]!);
    }
    if (begin === this.flat.length) this.flat.push(first, last);
    else this.flat.splice(begin, end - begin, first, last);
  }
  addAll(other: RangeSet): void {
    for (const range of other.ranges()) this.add(range.first, range.last);
  }
  remove(first: number, last: number = first): void {
    if (first > last) return;
    const begin = this.firstEndingAt(first);
    let end = begin;
    const rest: number[] = [];
    while (end < this.flat.length && this.flat[end]! <= last) {
      const [from, to] = [this.flat[end]!, this.flat[end + 1]!];
      if (from < first) rest.push(from, first - 1);
      if (to > last) rest.push(last + 1, to);
      end += 2;
    }
    this.flat.splice(begin, end - begin, ...rest);
  }
  contains(first: number, last: number = first): boolean {
    if (first > last) return true;
    const at = this.firstEndingAt(first);
    return at < this.flat.length && this.flat[at]! <= first && this.flat[at + 1]! >= last;
  }
  /** What of [first, last] is not in, ascending. */
  holes(first: number, last: number): Range[] {
    const holes: Range[] = [];
    let next = Math.max(first, 1);
    for (let at = this.firstEndingAt(next); at < this.flat.length && this.flat[at]! <= last; at += 2) {
      if (this.flat[at]! > next) holes.push({ first: next, last: this.flat[at]! - 1 });
      next = this.flat[at + 1]! + 1;
    }
    if (next <= last) holes.push({ first: next, last });
    return holes;
  }
  /** What of [first, last] is in, ascending. */
  within(first: number, last: number): Range[] {
    const found: Range[] = [];
    for (let at = this.firstEndingAt(first); at < this.flat.length && this.flat[at]! <= last; at += 2)
      found.push({ first: Math.max(first, this.flat[at]!), last: Math.min(last, this.flat[at + 1]!) });
    return found;
  }
  ranges(): Range[] {
    const ranges: Range[] = [];
    for (let at = 0; at < this.flat.length; at += 2) ranges.push({ first: this.flat[at]!, last: this.flat[at + 1]! });
    return ranges;
  }
  get isEmpty(): boolean {
    return this.flat.length === 0;
  }
  count(): number {
    let count = 0;
    for (let at = 0; at < this.flat.length; at += 2) count += this.flat[at + 1]! - this.flat[at]! + 1;
    return count;
  }
  /** Greatest seq; 0 for the empty set. */
  last(): number {
    return this.flat.at(-1) ?? 0;
  }
  /** The greatest seq up to which everything from `first` on is in; first - 1 when `first` is not. */
  contiguousFrom(first: number): number {
    const at = this.firstEndingAt(first);
    return at < this.flat.length && this.flat[at]! <= first ? this.flat[at + 1]! : first - 1;
  }

  /** Index of the first range that ends at `seq` or later. */
  private firstEndingAt(seq: number): number {
    let low = 0;
    let high = this.flat.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.flat[middle * 2 + 1]! < seq) low = middle + 1;
      else high = middle;
    }
    return low * 2;
  }
}
