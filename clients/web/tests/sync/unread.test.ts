// The number of a device that misses, sleeps, and pays late, against one that counts a whole log anew each time.
import { expect, test } from 'vitest';
import { emptyDelta, EventKind, keyOf, RegisterKind, type Delta, type EventRecord, type RegisterRecord, type StateRecord } from '../../src/sync/records';
import { applyChange, changeOf, freshState } from '../../src/sync/message_state';
import { applyDelta, Work } from '../../src/sync/work';
import { Held } from '../../src/sync/held';
import { forEachSeedAsync, type Random } from '../random';
import { MemoryRows } from './memory_rows';

const chat = 'c'.repeat(32);
const me = { id: 'a'.repeat(32), handle: 'me' };
const people = ['me', 'ben', 'cho', 'dai'];
const idOf = (handle: string): string => (handle === 'me' ? me.id : handle.padEnd(32, '0'));
const person = (handle: string) => ({ id: idOf(handle), handle, name: '', hue: 0, pictureId: '' });

/** The daemon, stupidly: everything is worked out from the whole log. */
class Model {
  log: EventRecord[] = [];
  rseq = 0;
  marker = 0;
  rev = 1;
  blocked = new Set<string>();
  hidden = new Set<number>();
  joined = 1;

  get head(): number {
    return this.log.length;
  }
  state(seq: number): StateRecord {
    const message = this.log[seq - 1]!;
    const state = freshState((message.people ?? []).map((each) => each.handle), message.mentionsAll ?? false);
    for (const each of this.log) if (each.target === seq) applyChange(state, changeOf(each));
    return state;
  }
  counts(seq: number): boolean {
    const event = this.log[seq - 1]!;
    if (event.kind !== EventKind.message || event.author === 'me' || this.blocked.has(event.author)) return false;
    return !this.hidden.has(seq) && seq >= this.joined && this.state(seq).deleted === 0;
  }
  numbers(): { unread: number; mentions: number } {
    let [unread, mentions] = [0, 0];
    for (let seq = this.marker + 1; seq <= this.head; seq += 1) {
      if (!this.counts(seq)) continue;
      const state = this.state(seq);
      unread += 1;
      if (state.mentionsAll || state.mentions.includes('me')) mentions += 1;
    }
    return { unread, mentions };
  }
  append(random: Random): void {
    const author = random.pick(people);
    const seq = this.head + 1;
    const mentioned = random.chance(0.3) ? [person('me')] : [];
    const base = { conversation: chat, seq, authorId: idOf(author), author, device: '', clientId: `${seq}`, at: seq, body: `text ${seq}` };
    const targets = this.log.filter((each) => each.kind === EventKind.message && this.state(each.seq).deleted === 0);
    const target = targets.length > 0 && random.chance(0.45) ? random.pick(targets) : undefined;
    if (!target) {
      this.log.push({ ...base, kind: EventKind.message, people: mentioned, ...(random.chance(0.05) ? { mentionsAll: true } : {}) });
      return;
    }
    const before = this.state(target.seq);
    const change = { ...base, target: target.seq, targetAuthorId: target.authorId };
    const former = { formerMentions: before.mentions, formerMentionsAll: before.mentionsAll };
    const own = { authorId: target.authorId, author: target.author };
    const kind = random.below(3);
    if (kind === 0) this.log.push({ ...change, ...own, ...former, kind: EventKind.edited, people: mentioned });
    else if (kind === 1) this.log.push({ ...change, ...own, ...former, kind: EventKind.deleted, body: '', counted: true });
    else this.log.push({ ...change, kind: EventKind.reacted, body: '+', on: random.chance(0.7) });
  }
  /** As it is read later than live. */
  late(seq: number): EventRecord {
    const event = this.log[seq - 1]!;
    const gone = event.kind === EventKind.edited && this.state(event.target!).deleted !== 0;
    if (gone) return { ...event, body: '', people: [], formerMentions: [], destroyed: true };
    if (event.kind !== EventKind.message) return event;
    const state = this.state(seq);
    const isChanged = state.edits.length > 0 || state.deleted > 0 || state.reactions.length > 0 || state.pinned > 0;
    if (!isChanged) return event;
    const bare = state.deleted > 0 ? { ...event, body: '', people: [], mentionsAll: false, destroyed: true } : event;
    return { ...bare, state: { ...state, asOf: this.head } };
  }
  headRecord() {
    const { head, marker, rev } = this;
    return { conversation: chat, head, marker, rev, title: '', ...this.numbers() };
  }
  register(kind: number, more: Partial<RegisterRecord>): RegisterRecord {
    this.rseq += 1;
    const entry = {
      kind, rseq: this.rseq, removed: false, conversation: chat, rev: 0, seq: 0, device: '', tie: 0, since: 0, text: '',
      conversationKind: 2, title: '', intervals: [], messageSeq: 0, caret: 0, replyTo: 0, ...more,
    };
    return { ...entry, key: keyOf(entry) };
  }
}

class Device {
  readonly rows = new MemoryRows();
  at = 0;
  gaps: { first: number; last: number; from: number }[] = [];
  constructor(private readonly model: Model) {}

  async write(what: (work: Work) => Promise<void>): Promise<void> {
    const work = new Work(this.rows, me);
    await what(work);
    await work.finish();
  }
  apply(delta: Partial<Delta>): Promise<void> {
    return this.write((work) => applyDelta(work, { ...emptyDelta(), ...delta }, this.model.rseq));
  }
  /** Everything up to the head, exactly or with a gap. */
  async catchUp(registers: RegisterRecord[], exactUpTo: number, live: boolean): Promise<void> {
    const { model } = this;
    const behind = model.head - this.at;
    const first = behind > exactUpTo ? model.head - exactUpTo + 1 : this.at + 1;
    const events = Array.from({ length: model.head - first + 1 }, (_, i) => (live ? model.log[first + i - 1]! : model.late(first + i)));
    const gaps = [];
    if (first > this.at + 1) {
      const changedSince = this.at.toString(16).padStart(4, '0');
      gaps.push({ conversation: chat, debt: { first: this.at + 1, last: first - 1, changedSince } });
      this.gaps.push({ first: this.at + 1, last: first - 1, from: this.at });
    }
    const heads = live && registers.length === 0 ? [] : [model.headRecord()];
    await this.apply({ registers, events, gaps, heads });
    this.at = model.head;
  }
  /** Part of a gap, or what became of older messages since one. */
  async pay(random: Random): Promise<void> {
    const { model } = this;
    const gap = this.gaps[0];
    if (!gap) return;
    if (gap.from >= 0 && random.chance(0.5)) {
      const changed = model.log.filter((each) => each.target !== undefined && each.seq > gap.from).map((each) => each.target!);
      const events = [...new Set(changed)].map((seq) => model.late(seq));
      const since = gap.from.toString(16).padStart(4, '0');
      await this.write(async (work) => {
        const kept = await work.row(chat);
        for (const each of events) if (kept.held.contains(each.seq)) await work.renew(each);
        await work.paid(chat, since, '');
      });
      gap.from = -1;
    } else if (gap.last >= gap.first) {
      const first = Math.max(gap.first, gap.last - random.below(6));
      const events = Array.from({ length: gap.last - first + 1 }, (_, i) => model.late(first + i));
      await this.write(async (work) => {
        for (const each of events) await work.putEvent(each);
      });
      gap.last = first - 1;
    }
    if (gap.last < gap.first && gap.from < 0) this.gaps.shift();
  }
  async check(): Promise<void> {
    const record = (await this.rows.conversation(chat))!;
    const { unread, mentions, head, owed } = record.summary;
    expect({ head, unread, mentions }).toEqual({ head: this.model.head, ...this.model.numbers() });
    const kept = new Held(chat, record);
    expect(owed).toBe(this.gaps.reduce((sum, gap) => sum + Math.max(0, gap.last - gap.first + 1), 0));
    expect(kept.debts.length).toBe(this.gaps.length);
  }
}

test('the number is what the whole log says, whatever was missed', async () => {
  await forEachSeedAsync(100, async (random) => {
    const model = new Model();
    const device = new Device(model);
    model.joined = 1;
    const membership = model.register(RegisterKind.membership, { intervals: [{ joined: 1, left: 0 }] });
    model.append(random);
    await device.catchUp([membership], 1000, false);
    for (let step = 0; step < 30; step += 1) {
      const registers: RegisterRecord[] = [];
      const live = random.chance(0.6);
      const count = live ? 1 : random.between(1, 14);
      for (let i = 0; i < count; i += 1) {
        const what = random.below(12);
        if (what < 8) model.append(random);
        else if (what === 8) {
          model.marker = random.between(model.marker, model.head);
          registers.push(model.register(RegisterKind.marker, { rev: model.rev, seq: model.marker }));
        } else if (what === 9 && random.chance(0.4)) {
          model.rev += 1;
          model.marker = random.below(model.head);
          registers.push(model.register(RegisterKind.marker, { rev: model.rev, seq: model.marker }));
        } else if (what === 10) {
          const who = random.pick(['ben', 'cho']);
          const on = !model.blocked.delete(who);
          if (on) model.blocked.add(who);
          registers.push(model.register(RegisterKind.block, { conversation: '', person: person(who), removed: !on }));
        } else if (what === 11) {
          const seq = random.between(1, model.head);
          if (model.log[seq - 1]!.kind !== EventKind.message) continue;
          const on = !model.hidden.delete(seq);
          if (on) model.hidden.add(seq);
          registers.push(model.register(RegisterKind.hide, { messageSeq: seq, removed: !on }));
        }
      }
      // Of each register only the latest comes.
      const latest = [...new Map(registers.map((each) => [`${each.kind} ${each.key}`, each])).values()];
      await device.catchUp(latest.sort((a, b) => a.rseq - b.rseq), live ? 1000 : 5, live);
      await device.check();
      if (random.chance(0.5)) {
        await device.pay(random);
        await device.check();
      }
    }
    while (device.gaps.length > 0) await device.pay(random);
    await device.check();
  });
});
