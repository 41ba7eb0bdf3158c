// One conversation while a write works on it, and what follows from what it holds.
import { RangeSet, type Range } from './range_set';
import type { ConversationRecord, Debt, HeadRecord, Id, Interval, Summary } from './records';

const nothing: Summary = { head: 0, marker: 0, rev: 0, unread: 0, mentions: 0, owed: 0, activity: 0 };

/** A record with its range sets at hand. */
export class Held {
  readonly held: RangeSet;
  readonly skipped: RangeSet;
  readonly silent: RangeSet;
  /** Messages that were pinned once. */
  readonly pinned: Set<number>;
  /** Entries by which somebody came. */
  readonly comings: Set<number>;
  debts: Debt[];
  base: HeadRecord | undefined;
  baseRseq: number;
  title: string;
  titleSeq: number;
  summary: Summary;

  constructor(
    readonly id: Id,
    record?: ConversationRecord,
  ) {
    this.held = RangeSet.of(record?.held);
    this.skipped = RangeSet.of(record?.skipped);
    this.silent = RangeSet.of(record?.silent);
    this.pinned = new Set(record?.pinned);
    this.comings = new Set(record?.comings);
    this.debts = [...(record?.debts ?? [])];
    this.base = record?.base;
    this.baseRseq = record?.baseRseq ?? 0;
    this.title = record?.title ?? '';
    this.titleSeq = record?.titleSeq ?? 0;
    this.summary = record?.summary ?? nothing;
  }

  record(): ConversationRecord {
    return {
      id: this.id,
      held: this.held.stored(),
      skipped: this.skipped.stored(),
      silent: this.silent.stored(),
      pinned: [...this.pinned],
      comings: [...this.comings],
      debts: this.debts,
      ...(this.base ? { base: this.base } : {}),
      baseRseq: this.baseRseq,
      title: this.title,
      titleSeq: this.titleSeq,
      summary: this.summary,
    };
  }

  /** Newest seq known of. */
  head(): number {
    return Math.max(
      this.base?.head ?? 0,
      this.held.last(),
      this.skipped.last(),
      ...this.debts.map((debt) => debt.last),
    );
  }
  known(): RangeSet {
    const known = this.held.copy();
    known.addAll(this.skipped);
    return known;
  }
  /** Visible slots up to the head that are neither held nor skipped, ascending. */
  missing(intervals: readonly Interval[]): Range[] {
    const head = this.head();
    const known = this.known();
    return intervals.flatMap((each) => known.holes(each.joined, each.left ? Math.min(each.left, head) : head));
  }
  dropPaidDebts(): void {
    const known = this.known();
    this.debts = this.debts.filter((debt) => !known.contains(debt.first, debt.last) || debt.changedSince !== '');
  }
  /** The greatest seq below which everything that is for this member is here: what Stored reports. */
  storedThrough(intervals: readonly Interval[]): number {
    if (intervals.length === 0) return 0;
    const first = Math.max(1, intervals[0]!.joined);
    const through = this.known().contiguousFrom(first);
    return through < first ? 0 : through;
  }
}
