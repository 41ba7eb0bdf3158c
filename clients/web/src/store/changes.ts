// What a write changed, told to every view of every tab.
import type { Id } from '../sync/records';

export interface Changed {
  /** Conversations whose records, events or registers changed. */
  readonly conversations: readonly Id[];
  /** Kinds of registers that changed. */
  readonly registers: readonly number[];
  readonly outbox: boolean;
  /** Everything was dropped or may be other than it was. */
  readonly all: boolean;
}

export const changedNothing: Changed = { conversations: [], registers: [], outbox: false, all: false };

export type ChangeListener = (changed: Changed) => void;

/** Told in this tab, and by `spread` in the others. */
export class Changes {
  private readonly listeners = new Set<ChangeListener>();
  spread: ChangeListener = () => undefined;

  /** A write of this tab. */
  wrote(changed: Partial<Changed>): void {
    const whole = { ...changedNothing, ...changed };
    this.heard(whole);
    this.spread(whole);
  }
  /** A write of another tab. */
  heard(changed: Changed): void {
    for (const listener of this.listeners) listener(changed);
  }
  listen(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
