// Sent, delivered, read: never claimed before they are true.
import type { ReceiptRecord } from '../../store/database';
import { thereFrom } from '../../sync/fates';
import type { Held } from '../../sync/held';
import type { EventRecord, OutboxRecord } from '../../sync/records';
import type { Rows } from '../../sync/rows';
import type { ChatKind, SentState } from '../views';

/** A receipt, with the seq from which on it says something. */
export interface Reach extends ReceiptRecord {
  readonly from: number;
}

const group = 2;

/** `kind` as in the membership register. */
export async function reachesOf(rows: Rows, kept: Held, kind: number, receipts: readonly ReceiptRecord[]): Promise<Reach[]> {
  if (kind !== group || receipts.length === 0) return receipts.map((each) => ({ ...each, from: 1 }));
  const seqs = [...kept.comings].sort((a, b) => a - b);
  const found = await Promise.all(seqs.map((seq) => rows.event(kept.id, seq)));
  const comings = found.filter((each): each is EventRecord => each !== undefined);
  return receipts.map((each) => ({
    ...each,
    from: thereFrom(each.handle, Math.max(each.delivered, each.read), kept.held, comings),
  }));
}

/** Of a message of mine that the log has. In a group: by one of those who are tied with me, at least. */
export function receiptMark(
  seq: number,
  kind: ChatKind,
  reaches: readonly Reach[],
  receiptsOn: boolean,
): SentState {
  if (kind === 'self') return 'committed';
  const receipts = reaches.filter((each) => each.from <= seq);
  if (receiptsOn && receipts.some((each) => each.read >= seq)) return 'read';
  return receipts.some((each) => each.delivered >= seq || each.read >= seq) ? 'delivered' : 'committed';
}

/** Of one that waits. */
export function sentOf(entry: OutboxRecord, isFlying: boolean): SentState {
  if (entry.state !== 'queued') return entry.state;
  return isFlying ? 'sent' : 'queued';
}
