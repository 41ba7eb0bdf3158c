// What the daemon says, in one transaction each. Between two tabs (or sessions) of a device the epoch keeps apart what is
// of one history and what of another.
import { applyDelta, Work, type Applied } from '../sync/work';
import type { Delta, EventRecord, HeadRecord, Id, SyncPoint } from '../sync/records';
import type { Self } from '../sync/rows';
import type { Changes } from './changes';
import type { Database } from './database';
import { read, transact, type IdbRows } from './transaction';

export class Replica {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly self: Self,
  ) {}

  point(): Promise<SyncPoint> {
    return read(this.database, (rows) => rows.point());
  }
  /** All of `delta` and the cursor; `point.epoch` must be the one that is kept. */
  apply(delta: Delta, point: Omit<SyncPoint, 'ticket'>): Promise<Applied> {
    const kinds = [...new Set(delta.registers.map((each) => each.kind))];
    return this.within(point.epoch, kinds, async (work, rows, kept) => {
      if (await work.contradicts(delta.events)) return 'conflict';
      await applyDelta(work, delta, point.rseq);
      rows.putPoint({ ...kept, cursor: point.cursor, rseq: point.rseq, at: point.at });
      return 'stored';
    });
  }
  /** An answer to Fetch; debts that it covers are paid. */
  applyPage(
    id: Id,
    events: readonly EventRecord[],
    skipped: readonly { first: number; last: number }[],
    epoch: number,
  ): Promise<Applied> {
    return this.within(epoch, [], async (work) => {
      if (await work.contradicts(events)) return 'conflict';
      for (const each of events) await work.putEvent(each);
      for (const each of skipped) await work.skip(id, each.first, each.last);
      return 'stored';
    });
  }
  /** An answer to Changed{since}: what is said of messages that are held, and how far that goes. */
  applyChanges(id: Id, events: readonly EventRecord[], since: string, next: string, epoch: number): Promise<Applied> {
    return this.within(epoch, [], async (work) => {
      if (await work.isGone(id)) return 'stored';
      const kept = await work.row(id);
      for (const each of events) if (kept.held.contains(each.seq)) await work.renew(each);
      await work.paid(id, since, next);
      return 'stored';
    });
  }
  /** A Head of an answer. `rseq`: newest register number that the session has seen. */
  applyHead(head: HeadRecord, rseq: number, epoch: number): Promise<Applied> {
    return this.within(epoch, [], async (work) => {
      await work.putHead(head, rseq);
      return 'stored';
    });
  }
  async putTicket(ticket: Uint8Array): Promise<void> {
    await transact(this.database, 'relaxed', async (rows) => rows.putPoint({ ...(await rows.point()), ticket }));
  }
  /** Welcome said RESET. Returns the epoch to go on with; undefined when another session did it, or got further,
   *  meanwhile: then connect again with what is kept now. What the daemon had taken of mine in that history goes with
   *  it, in one transaction: it shows nowhere else. */
  async reset(presented: SyncPoint): Promise<number | undefined> {
    const epoch = await transact(this.database, 'relaxed', async (rows) => {
      const point = await rows.point();
      if (point.epoch !== presented.epoch || (presented.cursor.length === 0 && point.cursor.length > 0)) return undefined;
      if (point.cursor.length === 0) return point.epoch;
      for (const entry of await rows.outbox()) if (entry.state === 'committed') rows.eraseOutbox(entry.number);
      for (const intent of await rows.intents()) if (intent.acked) rows.eraseIntent(intent.key);
      return dropHistory(rows, point);
    });
    if (epoch !== undefined && presented.cursor.length > 0) this.changes.wrote({ all: true, outbox: true });
    return epoch;
  }
  /** What is held cannot be trusted (a lost register, a contradiction): everything is asked for anew. */
  async startOver(epoch: number): Promise<void> {
    await transact(this.database, 'relaxed', async (rows) => {
      const point = await rows.point();
      if (point.epoch === epoch) dropHistory(rows, point);
    });
    this.changes.wrote({ all: true });
  }

  private async within(
    epoch: number,
    registers: readonly number[],
    apply: (work: Work, rows: IdbRows, kept: SyncPoint) => Promise<Applied>,
  ): Promise<Applied> {
    let conversations: Id[] = [];
    const applied = await transact(this.database, 'relaxed', async (rows): Promise<Applied> => {
      const kept = await rows.point();
      if (kept.epoch !== epoch) return 'other_epoch';
      const work = new Work(rows, this.self);
      const outcome = await apply(work, rows, kept);
      if (outcome === 'stored') conversations = await work.finish();
      return outcome;
    });
    if (applied === 'stored') this.changes.wrote({ conversations, registers, outbox: conversations.length > 0 });
    return applied;
  }
}

function dropHistory(rows: IdbRows, point: SyncPoint): number {
  rows.eraseHistory();
  rows.putPoint({ ...point, epoch: point.epoch + 1, cursor: new Uint8Array(), rseq: 0 });
  return point.epoch + 1;
}
