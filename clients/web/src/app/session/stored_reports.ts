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
const lookAtMost = 500; // of more at once it is not looked whose they are
const tieMutual = 3;
const self = 3;

export class StoredReports {
  private readonly due = new Set<Id>();
  /** How far it was looked on this connection: what was no news then is none later. */
  private readonly looked = new Map<Id, number>();
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
  /** What a connection of before did not come to say is found again: the register of it is lower. */
  async onLive(): Promise<void> {
    this.looked.clear();
    for (const id of await this.database.getAllKeys('conversations')) this.due.add(id);
    this.later();
  }
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
  private later(ms = everyMs): void {
    if (this.due.size === 0 || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      inBackground(this.report());
    }, ms);
  }
  private async report(): Promise<void> {
    const ids = [...this.due];
    this.due.clear();
    for (const id of ids) {
      const through = await this.news(id);
      if (through === 0) continue;
      const stored = { conversationId: fromHex(id), throughSeq: BigInt(through) };
      const outcome = await this.asker.ask('stored', stored, 'ok');
      if (outcome.ok || outcome.failure.kind === 'refused') continue;
      this.looked.delete(id);
      // Without a connection the next one begins with all of them.
      if (outcome.failure.code === 'offline') continue;
      this.due.add(id);
      this.later(Math.max(everyMs, outcome.failure.retryAfterMs));
    }
  }
  /** How far to report; 0: nothing new, or nothing that concerns somebody tied with me. */
  private news(id: Id): Promise<number> {
    return read(this.database, async (rows) => {
      const record = await rows.conversation(id);
      const membership = await rows.register(RegisterKind.membership, id);
      if (!record || !membership || membership.removed || membership.conversationKind === self) return 0;
      const through = new Held(id, record).storedThrough(membership.intervals);
      const register = await rows.register(RegisterKind.stored, id);
      const after = Math.max(register?.seq ?? 0, this.looked.get(id) ?? 0);
      if (through <= after) return 0;
      this.looked.set(id, through);
      if (through - after > lookAtMost) return through;
      const ties = await rows.registers(RegisterKind.tie);
      const tied = new Set(ties.filter((each) => !each.removed && each.tie === tieMutual).map((each) => each.person?.id));
      const fresh = await rows.events(id, after + 1, through);
      return fresh.some((each) => each.kind === EventKind.message && tied.has(each.authorId)) ? through : 0;
    });
  }
}
