// Short notices at the lower edge: what was done, with a way back where there is one; what failed, in words.
import { signal } from '@preact/signals';
import type { Failure, Outcome } from '../../app/client';
import { t } from '../../i18n/language';

export interface Said {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly act: () => void };
  readonly fault: boolean;
  readonly gone?: () => void;
}

export const said = signal<readonly Said[]>([]);
let nextId = 1;
// Long enough to read and to reach "undo".
const stayMs = 7000;
const atOnceMax = 3;

/** Never subscribes: it is called from effects. `stays`: until it is dismissed. */
export function say(
  text: string,
  options: { action?: Said['action']; fault?: boolean; stays?: boolean; gone?: () => void } = {},
): number {
  const id = nextId++;
  const notice: Said = {
    id,
    text,
    fault: options.fault ?? false,
    ...(options.action ? { action: options.action } : {}),
    ...(options.gone ? { gone: options.gone } : {}),
  };
  const kept = said.peek().slice(-(atOnceMax - 1));
  for (const dropped of said.peek().slice(0, -(atOnceMax - 1))) dropped.gone?.();
  said.value = [...kept, notice];
  if (!options.stays) setTimeout(() => unsay(id), stayMs);
  return id;
}

export function unsay(id: number): void {
  const found = said.peek().find((notice) => notice.id === id);
  if (!found) return;
  said.value = said.peek().filter((notice) => notice.id !== id);
  found.gone?.();
}

export function wordsFor(failure: Failure): string {
  return t().failures[failure.code] ?? t().failures.unknown;
}

/** Says what failed; passes the outcome on. */
export async function tell<T>(promise: Promise<Outcome<T>>): Promise<Outcome<T>> {
  const outcome = await promise;
  if (!outcome.ok) say(wordsFor(outcome.failure), { fault: true });
  return outcome;
}
