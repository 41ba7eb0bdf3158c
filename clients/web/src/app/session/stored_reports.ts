// Says to the daemon how far this device holds a conversation without a gap: what "delivered" is derived from. Only of
// what is stored, only where an author in the new range is tied with me, and every two seconds at most.
import { inBackground } from '../../store/background';
import { fromHex } from '../../protocol/bytes';
import type { Database } from '../../store/database';
import { read } from '../../store/transaction';
import { Held } from '../../sync/held';
import { EventKind, RegisterKind, type EventRecord, type Id } from '../../sync/records';
import type { Asker } from './asker';

const everyMs = 2_000;
const tieMutual = 3;

export class StoredReports {
  private readonly due = new Set<Id>();
  private readonly reported = new Map<Id, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly database: Database,
    private readonly asker: Asker,
    private readonly me: string,
  ) {}

  onEvents(events: readonly EventRecord[]): void {
    for (const each of events)
      if (each.kind === EventKind.message && each.author !== this.me) this.due.add(each.conversation);
    this.later();
  }
  onPage(conversation: Id): void {
    this.due.add(conversation);
    this.later();
  }
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
  private later(): void {
    if (this.due.size === 0 || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      inBackground(this.report());
    }, everyMs);
  }
  private async report(): Promise<void> {
    const ids = [...this.due];
    this.due.clear();
    for (const id of ids) {
      const through = await this.through(id);
      if (through === 0) continue;
      const stored = { conversationId: fromHex(id), throughSeq: BigInt(through) };
      const outcome = await this.asker.ask('stored', stored, 'ok');
      if (outcome.ok || outcome.failure.kind === 'refused') this.reported.set(id, through);
    }
  }
  /** 0: nothing new, or nothing that concerns somebody tied with me. */
  private through(id: Id): Promise<number> {
    return read(this.database, async (rows, tx) => {
      const record = await rows.conversation(id);
      const membership = await rows.register(RegisterKind.membership, id);
      if (!record || !membership || membership.removed) return 0;
      const through = new Held(id, record).storedThrough(membership.intervals);
      const register = await rows.register(RegisterKind.stored, id);
      const before = Math.max(this.reported.get(id) ?? 0, register?.seq ?? 0);
      if (through <= before) return 0;
      const ties = await rows.registers(RegisterKind.tie);
      const tied = new Set(ties.filter((each) => !each.removed && each.tie === tieMutual).map((each) => each.person?.id));
      const range = IDBKeyRange.bound([id, before + 1], [id, through]);
      // From the newest down: somebody tied is nearly always among the last ones.
      let cursor = await tx.objectStore('events').openCursor(range, 'prev');
      while (cursor) {
        if (cursor.value.kind === EventKind.message && tied.has(cursor.value.authorId)) return through;
        cursor = await cursor.continue();
      }
      return 0;
    });
  }
}
