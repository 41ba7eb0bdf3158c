// One write: the records it touches are read once and written once. The rules by which what the daemon says becomes what
// is held; the only place that writes derived data. Repeats change nothing: events are kept by (conversation, seq),
// registers by rseq, heads by what in them only grows.
import { isComing } from './fates';
import { Held } from './held';
import { destroyed } from './message_state';
import {
  EventKind,
  isSilent,
  RegisterKind,
  type Delta,
  type EventRecord,
  type HeadRecord,
  type Id,
  type Interval,
  type RegisterRecord,
} from './records';
import type { Rows, Self } from './rows';
import { summaryOf, type Mine } from './summary';

export class Work {
  private readonly touched = new Map<Id, Held>();
  private readonly memberships = new Map<Id, RegisterRecord | undefined>();
  /** Registers that came with this write, as keys of intents. */
  private readonly said = new Set<string>();
  /** client ids of mine that are in the log now. */
  private readonly mine = new Set<Id>();

  constructor(
    private readonly rows: Rows,
    private readonly self: Self,
  ) {}

  async row(id: Id): Promise<Held> {
    const kept = this.touched.get(id) ?? new Held(id, await this.rows.conversation(id));
    this.touched.set(id, kept);
    return kept;
  }
  private async membership(id: Id): Promise<RegisterRecord | undefined> {
    if (!this.memberships.has(id)) this.memberships.set(id, await this.rows.register(RegisterKind.membership, id));
    return this.memberships.get(id);
  }
  /** Nothing is kept of a conversation whose membership is a tombstone, however late it comes. */
  async isGone(id: Id): Promise<boolean> {
    return (await this.membership(id))?.removed ?? false;
  }

  async putRegister(entry: RegisterRecord): Promise<void> {
    const before = await this.rows.register(entry.kind, entry.key);
    if (before && before.rseq >= entry.rseq) return;
    this.rows.putRegister(entry);
    this.said.add(`${entry.kind}:${entry.key}`);
    if (entry.kind === RegisterKind.membership) return this.onMembership(entry, before);
    if (entry.kind === RegisterKind.block) {
      // Anybody's numbers may change by it.
      for (const each of await this.rows.conversations()) await this.row(each.id);
    } else if (entry.conversation !== '' && !(await this.isGone(entry.conversation))) {
      await this.row(entry.conversation);
    }
  }
  private async onMembership(entry: RegisterRecord, before: RegisterRecord | undefined): Promise<void> {
    const id = entry.conversation;
    this.memberships.set(id, entry);
    // He was out and is in again, and this device slept through both: it begins anew like one that was awake, for what
    // changed meanwhile lies in slots that are not for him.
    const cameBack = before !== undefined && before.intervals.length < entry.intervals.length;
    if (entry.removed || (cameBack && !before.removed)) {
      this.touched.delete(id);
      this.rows.eraseConversation(id);
      if (!entry.removed) this.touched.set(id, new Held(id));
    }
    if (entry.removed) return;
    const kept = await this.row(id);
    if (kept.titleSeq === 0) kept.title = entry.title;
  }

  async putEvent(event: EventRecord): Promise<void> {
    const id = event.conversation;
    if (await this.isGone(id)) return;
    const kept = await this.row(id);
    const late = kept.held.last() > event.seq;
    if (kept.held.contains(event.seq)) await this.renew(event);
    else this.rows.putEvent(event);
    kept.held.add(event.seq);
    if (isSilent(event)) kept.silent.add(event.seq);
    if (isComing(event)) kept.comings.add(event.seq);
    this.notePin(kept, event);
    if (event.authorId === this.self.id) this.mine.add(event.clientId);
    if (event.kind === EventKind.deleted) await this.destroyContent(id, event.target ?? 0);
    if (late && event.kind === EventKind.message) await this.forgetIfDeleted(id, event.seq);
    if (late && event.kind === EventKind.edited) await this.forgetIfDeleted(id, event.target ?? 0);
    if (event.kind === EventKind.titled && event.seq >= kept.titleSeq) {
      kept.title = event.body;
      kept.titleSeq = event.seq;
    }
  }
  /** What the daemon says now of a slot that is held. */
  async renew(event: EventRecord): Promise<void> {
    const before = await this.rows.event(event.conversation, event.seq);
    if (!before) return;
    const newer = (event.state?.asOf ?? 0) > (before.state?.asOf ?? 0);
    if (!newer && (before.destroyed || !event.destroyed)) return;
    this.rows.putEvent(event);
    this.notePin(await this.row(event.conversation), event);
    if (event.destroyed || event.state?.deleted) await this.destroyContent(event.conversation, event.seq);
    else await this.forgetIfDeleted(event.conversation, event.seq);
  }
  private notePin(kept: Held, event: EventRecord): void {
    if (event.state?.pinned) kept.pinned.add(event.seq);
    if (event.kind === EventKind.pinned && event.on && event.target) kept.pinned.add(event.target);
  }
  async putGap(id: Id, debt: { first: number; last: number; changedSince: string }): Promise<void> {
    if (debt.first === 0 || debt.first > debt.last || (await this.isGone(id))) return;
    const kept = await this.row(id);
    const same = kept.debts.some(
      (each) => each.first === debt.first && each.last === debt.last && each.changedSince === debt.changedSince,
    );
    if (same) return;
    kept.debts = [...kept.debts, debt].sort((a, b) => a.first - b.first || a.last - b.last);
  }
  async skip(id: Id, first: number, last: number): Promise<void> {
    if (!(await this.isGone(id))) (await this.row(id)).skipped.add(first, last);
  }
  /** All was said up to `next` (empty: up to the head) about what changed since `since`. */
  async paid(id: Id, since: string, next: string): Promise<void> {
    const kept = await this.row(id);
    kept.debts = kept.debts.map((debt) => (debt.changedSince === since ? { ...debt, changedSince: next } : debt));
  }
  /** What is said about a conversation only grows in (rev, marker, head): so the newer of two answers shows, and a block
   *  (the same three, another number) by the register count it came with. */
  async putHead(head: HeadRecord, rseq: number): Promise<void> {
    if (await this.isGone(head.conversation)) return;
    const kept = await this.row(head.conversation);
    if (kept.base && isOlder(head, rseq, kept.base, kept.baseRseq)) return;
    kept.base = head;
    kept.baseRseq = rseq;
    if (head.title !== '' && head.head >= kept.titleSeq) {
      kept.title = head.title;
      kept.titleSeq = head.head;
    }
  }

  /** True when a slot that is held is said to be something else now. */
  async contradicts(events: readonly EventRecord[]): Promise<boolean> {
    for (const event of events) {
      if (!(await this.row(event.conversation)).held.contains(event.seq)) continue;
      const before = await this.rows.event(event.conversation, event.seq);
      if (!before) continue;
      if (before.clientId !== event.clientId || before.authorId !== event.authorId || before.kind !== event.kind)
        return true;
      if (before.body !== event.body && !before.destroyed && !event.destroyed) return true;
    }
    return false;
  }

  /** Numbers may be others although no record changed (an intent was made). */
  async touch(id: Id): Promise<void> {
    if (!(await this.isGone(id))) await this.row(id);
  }

  /** Writes what was touched, with what follows from it. Returns which conversations those were. */
  async finish(): Promise<Id[]> {
    const mine = await this.common();
    for (const [id, kept] of this.touched) {
      kept.dropPaidDebts();
      const membership = await this.membership(id);
      const intervals: readonly Interval[] = membership && !membership.removed ? membership.intervals : [];
      kept.summary = await summaryOf(this.rows, kept, this.self, intervals, membership?.since ?? 0, mine);
      await this.confirmIntents(id, kept, mine);
      this.rows.putConversation(kept.record());
    }
    for (const entry of mine.outbox) if (this.mine.has(entry.clientId)) this.rows.eraseOutbox(entry.number);
    return [...this.touched.keys()];
  }
  private async common(): Promise<Mine> {
    const blocks = await this.rows.registers(RegisterKind.block);
    return {
      blocked: new Set(blocks.filter((each) => !each.removed).map((each) => each.person?.id ?? '')),
      intents: await this.rows.intents(),
      outbox: this.mine.size > 0 ? await this.rows.outbox() : [],
    };
  }
  /** An intent goes once the register says it, or cannot any more. */
  private async confirmIntents(id: Id, kept: Held, mine: Mine): Promise<void> {
    for (const intent of mine.intents) {
      if (intent.conversation !== id) continue;
      if (intent.kind === 'read') {
        const marker = await this.rows.register(RegisterKind.marker, id);
        const rev = Math.max(marker?.rev ?? 0, kept.base?.rev ?? 0);
        const seq = Math.max(
          marker && marker.rev === rev ? marker.seq : 0,
          kept.base && kept.base.rev === rev ? kept.base.marker : 0,
        );
        if (rev > intent.rev || seq >= intent.seq) this.rows.eraseIntent(intent.key);
      } else if (intent.acked && (this.said.has(intent.key) || (await isSet(this.rows, intent)) === intent.on)) {
        // What comes after the answer is that or newer: another device may have had the last word since.
        this.rows.eraseIntent(intent.key);
      }
    }
  }

  /** A deletion that overtook what it deletes: an answer that was read before it came after it. */
  private async forgetIfDeleted(id: Id, message: number): Promise<void> {
    const changes = await this.rows.changes(id, message, message);
    if (changes.some((each) => each.kind === EventKind.deleted)) await this.destroyContent(id, message);
  }
  private async destroyContent(id: Id, message: number): Promise<void> {
    const edits = (await this.rows.changes(id, message, message)).filter((each) => each.kind === EventKind.edited);
    const itself = await this.rows.event(id, message);
    for (const event of itself ? [itself, ...edits] : edits) if (!event.destroyed) this.rows.putEvent(destroyed(event));
  }
}

const flagKinds = {
  mute: RegisterKind.mute,
  pin: RegisterKind.pin,
  star: RegisterKind.star,
  hide: RegisterKind.hide,
} as const;

export const flagRegister = (kind: keyof typeof flagKinds): number => flagKinds[kind];

async function isSet(rows: Rows, intent: { kind: string; conversation: Id; key: string }): Promise<boolean> {
  const kind = flagKinds[intent.kind as keyof typeof flagKinds];
  const entry = await rows.register(kind, intent.key.slice(intent.key.indexOf(':') + 1));
  return entry !== undefined && !entry.removed;
}

function isOlder(head: HeadRecord, rseq: number, than: HeadRecord, thanRseq: number): boolean {
  const mine = [head.rev, head.marker, head.head, rseq];
  const other = [than.rev, than.marker, than.head, thanRseq];
  for (let i = 0; i < mine.length; i += 1) if (mine[i] !== other[i]) return mine[i]! < other[i]!;
  return false;
}

export type Applied = 'stored' | 'other_epoch' | 'conflict';

/** All of `delta` in the order that the protocol asks for. */
export async function applyDelta(work: Work, delta: Delta, rseq: number): Promise<void> {
  for (const each of delta.registers) await work.putRegister(each);
  for (const each of delta.skipped) await work.skip(each.conversation, each.first, each.last);
  for (const each of delta.events) await work.putEvent(each);
  for (const each of delta.gaps) await work.putGap(each.conversation, each.debt);
  for (const each of delta.heads) await work.putHead(each, rseq);
}
