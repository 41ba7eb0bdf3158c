// Read is what was on screen for a second, in a focused window, with a person at it. Nothing else moves the marker:
// not scrolling past, not an open window in an empty room.

export const dwellMs = 1000;
// Who touched nothing for a minute may have left.
export const inputMs = 60_000;

export class Dwell {
  private readonly since = new Map<number, number>();

  /** `seqs`: whose lower edge is on screen now. Returns the greatest seq that has been there long enough; 0: none. */
  look(seqs: Iterable<number>, now: number, attentive: boolean): number {
    if (!attentive) {
      this.since.clear();
      return 0;
    }
    const seen = new Set(seqs);
    for (const seq of this.since.keys()) if (!seen.has(seq)) this.since.delete(seq);
    let read = 0;
    for (const seq of seen) {
      const begun = this.since.get(seq);
      if (begun === undefined) this.since.set(seq, now);
      else if (now - begun >= dwellMs && seq > read) read = seq;
    }
    return read;
  }

  forget(): void {
    this.since.clear();
  }
}
