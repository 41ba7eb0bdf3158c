// Waiting for what will be true. No test waits for time.
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `look` until it gives something that counts as true, and returns that. The deadline is generous on purpose: it
 * ends a hanging test and never judges speed. `what` is for the message.
 */
export async function until(look, what = String(look), deadline = 60_000) {
  const end = Date.now() + deadline;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`this never came to be: ${what}`);
    await pause(20); // between two looks, not in place of one
  }
}
