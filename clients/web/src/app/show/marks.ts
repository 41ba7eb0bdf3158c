// Sent, delivered, read: never claimed before they are true.
import type { ReceiptRecord } from '../../store/database';
import type { OutboxRecord } from '../../sync/records';
import type { ChatKind, SentState } from '../views';

/** Of a message of mine that the log has. In a group: by one of those who are tied with me, at least. */
export function receiptMark(
  seq: number,
  kind: ChatKind,
  receipts: readonly ReceiptRecord[],
  receiptsOn: boolean,
): SentState {
  if (kind === 'self') return 'committed';
  if (receiptsOn && receipts.some((each) => each.read >= seq)) return 'read';
  return receipts.some((each) => each.delivered >= seq || each.read >= seq) ? 'delivered' : 'committed';
}

/** Of one that waits. */
export function sentOf(entry: OutboxRecord, isFlying: boolean): SentState {
  if (entry.state !== 'queued') return entry.state;
  return isFlying ? 'sent' : 'queued';
}
