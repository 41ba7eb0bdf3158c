// When to dial again: full jitter between nothing and a bound that doubles; reset only after a stable minute, so that a
// daemon that lets in and throws out is not stormed. What GoAway said is kept to.

const baseMs = 500;
const capMs = 30_000;
const stableMs = 60_000;

export class Backoff {
  private attempts = 0;
  private provenAt: number | undefined;
  private told: number | undefined;

  constructor(private readonly random: () => number = Math.random) {}

  onProven(now: number): void {
    this.provenAt = now;
  }
  onGoAway(delayMs: number): void {
    this.told = delayMs;
  }
  /** Milliseconds to wait. */
  onClosed(now: number): number {
    if (this.provenAt !== undefined && now - this.provenAt >= stableMs) this.attempts = 0;
    this.provenAt = undefined;
    const bound = Math.min(capMs, baseMs * 2 ** Math.min(this.attempts, 6));
    this.attempts += 1;
    if (this.told !== undefined) {
      const wait = this.told;
      this.told = undefined;
      return wait;
    }
    return Math.floor(this.random() * (bound + 1));
  }
}
