// What of the log is owed, and in which order it is paid: what became of held messages first (they must not look as before
// a gap), then what is wanted on a screen, then the rest, newest first, one page after the other.
import { fromHex, toHex } from '../../protocol/bytes';
import { requestFrame, type AnswerCase, type AnswerOf, type RequestCase, type RequestInit } from '../../protocol/frames';
import type { Line } from '../../protocol/line';
import { eventOf } from '../../protocol/wire';
import type { Database } from '../../store/database';
import type { Replica } from '../../store/replica';
import { read } from '../../store/transaction';
import { Held } from '../../sync/held';
import { RangeSet, sizeOf, type Range } from '../../sync/range_set';
import { RegisterKind, type Delta, type Id } from '../../sync/records';
import type { Applied } from '../../sync/work';

const pageSlots = 500;
const againMs = 50; // after a "later" that does not say when
const restMs = 30; // between pages that nobody waits for: a screen has to be drawn, too

interface Owed {
  missing: readonly Range[];
  /** Of Changed; empty: nothing to ask. */
  since: string;
  activity: number;
}

export interface DebtsOf {
  readonly line: Line;
  readonly database: Database;
  readonly leader: {
    readonly replica: Replica;
    readonly epoch: number;
    readonly isLive: boolean;
    applied(outcome: Promise<Applied>): Promise<boolean>;
  };
  /** Something of that conversation was stored. */
  applied(conversation: Id): void;
}

export class Debts {
  private readonly all = new Map<Id, Owed>();
  private wanted: { chat: Id; range: Range; pressing: boolean }[] = [];
  /** The daemon gave nothing for it: not asked again on this connection. */
  private readonly unpayable = new Set<string>();
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly of: DebtsOf) {}

  owed(): number {
    let count = 0;
    for (const each of this.all.values()) for (const range of each.missing) count += sizeOf(range);
    return count;
  }
  /** `pressing`: somebody waits for just that; what a screen shows beside it, again and again, does not overtake it. */
  want(chat: Id, range: Range, pressing = false): void {
    this.wanted = this.wanted.filter((each) => each.chat !== chat || each.range.first !== range.first);
    const ahead = pressing ? 0 : this.wanted.filter((each) => each.pressing).length;
    this.wanted.splice(ahead, 0, { chat, range, pressing });
    this.wanted.length = Math.min(this.wanted.length, 8);
    this.pay();
  }
  async onWelcome(): Promise<void> {
    this.unpayable.clear();
    await this.refresh();
  }
  onDisconnected(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.busy = false;
  }
  async onDelta(delta: Delta): Promise<void> {
    const ids = new Set<Id>();
    for (const each of delta.registers) if (each.kind === RegisterKind.membership) ids.add(each.conversation);
    for (const each of [...delta.events, ...delta.heads, ...delta.gaps, ...delta.skipped]) ids.add(each.conversation);
    await this.refresh(ids);
  }
  /** All, where no ids are given. */
  async refresh(ids?: ReadonlySet<Id>): Promise<void> {
    if (ids?.size === 0) return;
    await read(this.of.database, async (rows) => {
      const records = ids ? await Promise.all([...ids].map((id) => rows.conversation(id))) : await rows.conversations();
      if (!ids) this.all.clear();
      for (const id of ids ?? []) this.all.delete(id);
      for (const record of records) {
        if (!record) continue;
        const kept = new Held(record.id, record);
        const membership = await rows.register(RegisterKind.membership, record.id);
        const missing = membership && !membership.removed ? kept.missing(membership.intervals) : [];
        const since = kept.debts.find((debt) => debt.changedSince !== '')?.changedSince ?? '';
        if (missing.length > 0 || since !== '')
          this.all.set(record.id, { missing, since, activity: record.summary.activity });
      }
    });
  }

  /** The next one, if none is under way. */
  pay(): void {
    if (this.busy || !this.of.leader.isLive || this.of.line.state !== 'welcome') return;
    clearTimeout(this.timer);
    this.timer = undefined;
    const stale = [...this.all].find(([id, each]) => each.since !== '' && !this.unpayable.has(`${id}:${each.since}`));
    if (stale) return this.askChanges(stale[0], stale[1].since);
    const wanted = this.nextWanted();
    if (wanted) return this.fetch(wanted.chat, wanted.range, 0);
    const rest = [...this.all].sort((a, b) => b[1].activity - a[1].activity);
    for (const [id, each] of rest) {
      const range = each.missing.findLast((one) => !this.unpayable.has(`${id}:${one.first}-${one.last}`));
      if (range) return this.fetch(id, range, restMs);
    }
  }
  private nextWanted(): { chat: Id; range: Range } | undefined {
    while (this.wanted.length > 0) {
      const { chat, range } = this.wanted[0]!;
      const missing = RangeSet.ofRanges(this.all.get(chat)?.missing ?? []);
      const part = missing
        .within(range.first, range.last)
        .findLast((one) => !this.unpayable.has(`${chat}:${one.first}-${one.last}`));
      if (part) return { chat, range: part };
      this.wanted.shift();
    }
    return undefined;
  }

  private fetch(id: Id, range: Range, rest: number): void {
    const ask = {
      conversationId: fromHex(id),
      fromSeq: BigInt(range.first),
      toSeq: BigInt(range.last),
      limit: pageSlots,
      newestFirst: true,
    };
    this.ask('fetch', ask, 'page', rest, async (page) => {
      const nothing = !page || page.fromSeq === 0n;
      if (nothing) this.unpayable.add(`${id}:${range.first}-${range.last}`);
      else {
        const skipped = page.skipped.map((each) => ({ first: Number(each.fromSeq), last: Number(each.toSeq) }));
        const { replica, epoch } = this.of.leader;
        const stored = this.of.leader.applied(replica.applyPage(id, page.events.map(eventOf), skipped, epoch));
        if (!(await stored)) return;
      }
      await this.refresh(new Set([id]));
      const left = this.all.get(id)?.missing.some((each) => each.first === range.first && each.last === range.last);
      // A daemon that gives nothing for what is owed is not asked in a circle.
      if (left) this.unpayable.add(`${id}:${range.first}-${range.last}`);
      this.of.applied(id);
    });
  }
  private askChanges(id: Id, since: string): void {
    const ask = { conversationId: fromHex(id), since: fromHex(since) };
    this.ask('changed', ask, 'changes', 0, async (changes) => {
      const next = changes ? toHex(changes.next) : since;
      if (!changes || next === since) this.unpayable.add(`${id}:${since}`);
      else {
        const { replica, epoch } = this.of.leader;
        const events = changes.events.map(eventOf);
        if (!(await this.of.leader.applied(replica.applyChanges(id, events, since, next, epoch)))) return;
      }
      await this.refresh(new Set([id]));
      this.of.applied(id);
    });
  }
  /** One at a time. `then` gets undefined for a refusal. */
  private ask<C extends RequestCase, A extends AnswerCase>(
    name: C,
    value: RequestInit<C>,
    answer: A,
    rest: number,
    then: (value: AnswerOf<A> | undefined) => Promise<void>,
  ): void {
    this.busy = true;
    this.of.line.request(
      requestFrame(name, value),
      (got) => {
        if (got.lost) return;
        const { body } = got.frame;
        if (body.case === 'error' && body.value.code >= 200 && body.value.code < 300)
          return this.again(Math.max(againMs, body.value.retryAfterMs));
        const value = body.case === answer ? (body.value as AnswerOf<A>) : undefined;
        then(value).then(
          () => this.again(this.wanted.length > 0 ? 0 : rest),
          () => this.of.line.reconnect(),
        );
      },
      'fail',
    );
  }
  private again(ms: number): void {
    this.busy = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.pay(), ms);
  }
}
