// The order of what goes out: one change in flight for each conversation, so that a "later" for one of two cannot turn them
// round; conversations do not wait for each other.
import type { Id, OutboxRecord } from './records';

/** What may be sent now. `entries` ascending by number; `flying`: client ids on their way. */
export function nextToSend(entries: readonly OutboxRecord[], flying: ReadonlySet<Id>): OutboxRecord[] {
  const busy = new Set<Id>();
  for (const entry of entries) if (flying.has(entry.clientId)) busy.add(entry.conversation);
  const next: OutboxRecord[] = [];
  for (const entry of entries) {
    if (entry.state !== 'queued' || flying.has(entry.clientId) || busy.has(entry.conversation)) continue;
    busy.add(entry.conversation);
    next.push(entry);
  }
  return next;
}

/** 48 bits of milliseconds, then 80 random ones, big-endian, as 32 hex digits. The order spares the index; the time is
 *  never trusted. */
export function clientIdOf(nowMs: number, random: Uint8Array): Id {
  const tail = Array.from(random.subarray(0, 10), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return Math.max(0, Math.floor(nowMs)).toString(16).padStart(12, '0').slice(-12) + tail;
}
