// An opened conversation: a virtual list over range sets. Items are read from the local store in blocks around what is on
// the screen; holes near it are fetched. A change reads the blocks on the screen anew; what is the same keeps its identity.
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Changed } from '../../store/changes';
import type { Database } from '../../store/database';
import { read, type IdbRows, type ReadTransaction } from '../../store/transaction';
import { Held } from '../../sync/held';
import { sizeOf, type Range } from '../../sync/range_set';
import { EventKind, RegisterKind, type EventRecord, type Id, type OutboxRecord } from '../../sync/records';
import { Slots } from '../../sync/slots';
import type { Hub } from '../session/hub';
import type { ChatRow, Conversation, DraftField, Hole, Item, Message, ReceiptView, Version } from '../views';
import type { Chats } from './chats';
import type { Directory } from './directory';
import { readBlock, readSnapshot, type BlockOf, type Snapshot } from './blocks';
import type { Reach } from './marks';
import { itemOf, messageOf, outgoingOf, type Showing } from './items';

const blockSlots = 64;
const marginLines = 60;
const wantSlots = 100; // of a hole, at its end that is on the screen
const keptBlocks = 64;
const revealMs = 10_000;

/** Another one when its extent changes: so that the ui knows where room changes. */
const holeKey = ({ first, last }: Range): string => `hole${first}-${last}`;

export interface ConversationOf {
  readonly database: Database;
  readonly hub: Hub;
  readonly chats: Chats;
  readonly directory: Directory;
  readonly typing: ReadonlySignal<ReadonlyMap<Id, readonly string[]>>;
  readonly flying: ReadonlySignal<ReadonlySet<Id>>;
  readonly isLive: ReadonlySignal<boolean>;
  readonly draft: DraftField;
  /** True: nobody has it open any more. */
  readonly closed: () => boolean;
}

export class OpenConversation implements Conversation {
  readonly row: ReadonlySignal<ChatRow | undefined>;
  readonly revision = signal(0);
  readonly ready = signal(false);
  readonly marker = signal(0);
  readonly head = signal(0);
  readonly firstUnread = signal(0);
  readonly stale = signal(false);
  readonly pins = signal<readonly number[]>([]);
  readonly receipts = signal<readonly ReceiptView[]>([]);
  readonly typing: ReadonlySignal<readonly string[]>;
  readonly draft: DraftField;
  private held: Held;
  private slots = new Slots();
  private outgoing: readonly Message[] = [];
  private outbox: readonly OutboxRecord[] = [];
  private receiptRecords: readonly Reach[] = [];
  private starred: ReadonlySet<number> = new Set();
  private readonly items = new Map<number, Item>();
  private readonly blocks = new Set<number>();
  /** Keys of messages that were queued while this was open: they keep them. */
  private readonly keys = new Map<number, string>();
  private window: Range = { first: 0, last: 0 };
  private sticky = true; // nothing was wanted yet: the newest lines are
  private reading = false;
  private again = { reload: false, look: false };
  /** Parts of holes that were asked for, as "first-last". */
  private asked: ReadonlySet<string> = new Set();
  private readonly holes = new Map<string, Hole>();
  private waiters: (() => void)[] = [];

  constructor(
    readonly id: Id,
    private readonly of: ConversationOf,
  ) {
    this.held = new Held(id);
    this.draft = of.draft;
    this.row = computed(() => of.chats.byId.value.get(id));
    this.typing = computed(() => of.typing.value.get(id) ?? []);
    this.refresh(true);
  }

  // ---- the list ---------------------------------------------------------------------------------------------------------

  get count(): number {
    return this.slots.count + this.outgoing.length;
  }
  at(index: number): Item | undefined {
    if (index >= this.slots.count) return this.outgoing[index - this.slots.count];
    const line = this.slots.at(index);
    if (!line) return undefined;
    if (line.kind === 'hole') return this.hole(line.range);
    return this.items.get(line.seq) ?? { kind: 'unloaded', key: this.keyOf(line.seq), seq: line.seq };
  }
  keyAt(index: number): string {
    if (index >= this.slots.count) return this.outgoing[index - this.slots.count]?.key ?? '';
    const line = this.slots.at(index);
    if (!line) return '';
    return line.kind === 'hole' ? holeKey(line.range) : this.keyOf(line.seq);
  }
  indexOf(seq: number): number {
    const index = this.slots.indexOf(seq);
    return index < this.count ? index : -1;
  }
  indexOfKey(key: string): number {
    const at = this.outgoing.findIndex((each) => each.key === key);
    if (at >= 0) return this.slots.count + at;
    for (const [seq, kept] of this.keys) if (kept === key) return this.indexOf(seq);
    return key.startsWith('s') ? this.indexOf(Number(key.slice(1))) : -1;
  }
  private readonly keyOf = (seq: number): string => this.keys.get(seq) ?? `s${seq}`;
  private hole(range: Range): Hole {
    const { first, last } = range;
    const key = holeKey(range);
    const isAsked = [...this.asked].some((part) => {
      const [from, to] = part.split('-').map(Number);
      return from! >= first && to! <= last;
    });
    const loading = isAsked && this.of.isLive.peek();
    const before = this.holes.get(key);
    if (before?.loading === loading) return before;
    const hole: Hole = { kind: 'hole', key, first, last, count: last - first + 1, loading };
    this.holes.set(key, hole);
    return hole;
  }

  want(first: number, last: number): void {
    this.window = { first: Math.max(0, first), last: Math.max(first, last) };
    this.sticky = false;
    this.payHoles();
    if (this.missingBlocks(this.slots, false).length > 0) this.refresh(false);
  }
  /** The end of a hole that borders on what is held and on the screen, and not more of it. */
  private payHoles(): void {
    const { first, last } = this.window;
    const { holes } = this.slots.stretch(first - 5, last + 5);
    const parts = new Set<string>();
    for (const hole of holes) {
      const index = this.slots.indexOf(hole.first);
      const hasAfter = index < this.slots.count - 1;
      const part =
        sizeOf(hole) <= wantSlots
          ? hole
          : hasAfter && index < last
            ? { first: hole.last - wantSlots + 1, last: hole.last }
            : { first: hole.first, last: hole.first + wantSlots - 1 };
      const name = `${part.first}-${part.last}`;
      parts.add(name);
      if (!this.asked.has(name)) this.of.hub.say({ type: 'want', chat: this.id, ...part });
    }
    this.asked = parts;
  }
  async reveal(seq: number): Promise<number> {
    const until = Date.now() + revealMs;
    await this.until(() => this.ready.value, until);
    const isHole = (): boolean => this.slots.at(this.slots.indexOf(seq))?.kind === 'hole';
    if (isHole()) {
      const part = { first: Math.max(1, seq - wantSlots / 2), last: seq + wantSlots / 2 };
      this.of.hub.say({ type: 'want', chat: this.id, ...part, pressing: true });
      await this.until(() => !isHole(), until);
    }
    const index = this.indexOf(seq);
    if (index < 0) return -1;
    this.want(index, index);
    await this.until(() => this.at(index)?.kind !== 'unloaded', until);
    return this.indexOf(seq);
  }
  private until(holds: () => boolean, deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds() && Date.now() < deadline) return;
        clearTimeout(timer);
        this.waiters = this.waiters.filter((each) => each !== look);
        resolve();
      };
      const timer = setTimeout(look, Math.max(0, deadline - Date.now()) + 1);
      this.waiters.push(look);
      look();
    });
  }

  // ---- reading ----------------------------------------------------------------------------------------------------------

  /** The directory has read the registers of `changed` already. */
  onChanged(changed: Changed): void {
    if (changed.all) {
      // Another history: the same seqs are other messages.
      this.items.clear();
      this.keys.clear();
    }
    const { tie, block, membership, profile, noReceipts } = RegisterKind;
    const people: number[] = [tie, block, membership, profile, noReceipts];
    const concerns = changed.all || changed.conversations.includes(this.id) || changed.registers.some((each) => people.includes(each));
    if (concerns) this.refresh(true);
  }
  onReceipts(): void {
    this.refresh(true);
  }
  /** `reload`: what is held changed. Otherwise only blocks that are not here yet are read. One reading at a time. */
  private refresh(reload: boolean): void {
    this.again = { reload: this.again.reload || reload, look: true };
    if (this.reading) return;
    this.reading = true;
    void (async () => {
      while (this.again.look && !this.ended) {
        const whole = this.again.reload;
        this.again = { reload: false, look: false };
        await read(this.of.database, async (rows, tx) => {
          const next = whole ? await this.snapshot(rows, tx) : undefined;
          const slots = next?.slots ?? this.slots;
          const blocks: BlockOf[] = [];
          for (const block of this.missingBlocks(slots, whole)) blocks.push(await readBlock(rows, this.id, block, blockSlots));
          this.commit(next, blocks);
        });
        this.ready.value = true;
        this.revision.value += 1;
        for (const look of [...this.waiters]) look();
      }
    })()
      .catch((error: unknown) => {
        if (!this.ended) console.warn('enishi: a conversation could not be read', error);
      })
      .finally(() => {
        this.reading = false;
      });
  }
  private snapshot(rows: IdbRows, tx: ReadTransaction): Promise<Snapshot> {
    const { directory } = this.of;
    const me = directory.me.peek()?.id ?? '';
    return readSnapshot(rows, tx, this.id, me, (id) => directory.isBlocked(id));
  }
  /** All at once: a list that is looked at meanwhile is the old one, whole. */
  private commit(next: Snapshot | undefined, blocks: readonly BlockOf[]): void {
    if (next) {
      this.held = next.held;
      this.slots = next.slots;
      this.starred = next.starred;
      this.outbox = next.outbox;
      this.receiptRecords = next.receipts;
      // A message that was queued here keeps its key when its event takes its place.
      for (const each of next.outbox)
        if (each.state === 'committed' && each.seq > 0) this.keys.set(each.seq, each.clientId);
      this.blocks.clear();
    }
    for (const block of blocks) this.take(block);
    this.forgetFarBlocks();
    this.rebuildOutgoing();
    if (!next) return;
    this.head.value = next.held.head();
    this.marker.value = next.held.summary.marker;
    this.stale.value = next.held.debts.some((debt) => debt.changedSince !== '');
    this.firstUnread.value = next.firstUnread;
    if (next.pins.join() !== this.pins.peek().join()) this.pins.value = next.pins;
    const on = this.of.directory.me.peek()?.receipts ?? false;
    const receipts = next.receipts.map((each) => ({
      handle: each.handle,
      fromSeq: each.from,
      deliveredSeq: each.delivered,
      readSeq: on ? each.read : 0,
    }));
    if (JSON.stringify(receipts) !== JSON.stringify(this.receipts.peek())) this.receipts.value = receipts;
    this.payHoles();
  }
  /** `all`: also those that are here are read again. */
  private missingBlocks(of: Slots, all: boolean): number[] {
    const window = this.sticky ? { first: of.count - 1, last: of.count - 1 } : this.window;
    const { slots } = of.stretch(window.first - marginLines, window.last + marginLines);
    const wanted = new Set<number>();
    for (const range of slots)
      for (let block = Math.floor(range.first / blockSlots); block <= Math.floor(range.last / blockSlots); block += 1)
        if (all || !this.blocks.has(block)) wanted.add(block);
    return [...wanted];
  }
  private take(found: BlockOf): void {
    const showing = this.showing(found);
    this.blocks.add(found.block);
    for (const event of found.events) {
      if (event.kind === EventKind.message) this.keepKey(event);
      const item = itemOf(event, showing);
      const before = this.items.get(event.seq);
      if (!before || JSON.stringify(before) !== JSON.stringify(item)) this.items.set(event.seq, item);
    }
  }
  /** Its event came before the answer to its sending: the waiting line is known by its client id only. */
  private keepKey(event: EventRecord): void {
    if (this.keys.has(event.seq)) return;
    if (this.outgoing.some((each) => each.clientId === event.clientId)) this.keys.set(event.seq, event.clientId);
  }
  private forgetFarBlocks(): void {
    if (this.blocks.size <= keptBlocks) return;
    const middle = this.slots.at(this.window.first);
    const seq = middle?.kind === 'slot' ? middle.seq : (middle?.range.first ?? 0);
    for (const block of [...this.blocks]) {
      if (Math.abs(block * blockSlots - seq) <= (keptBlocks / 2) * blockSlots) continue;
      this.blocks.delete(block);
      for (let at = block * blockSlots; at < (block + 1) * blockSlots; at += 1) this.items.delete(at);
    }
  }
  private showing(found: BlockOf): Showing {
    const { directory, flying } = this.of;
    const kind = this.row.peek()?.kind ?? 'group';
    const { starred, outbox, keyOf, receiptRecords: receipts } = this;
    return { ...found, directory, kind, starred, receipts, outbox, flying: flying.peek(), keyOf };
  }
  private rebuildOutgoing(): void {
    const showing = this.showing({ block: 0, events: [], changes: new Map(), answered: new Map() });
    const next = this.outbox
      .filter((each) => each.change.kind === 'send' || each.change.kind === 'forward')
      .map((each) => {
        const message = this.answering(outgoingOf(each, showing));
        const before = this.outgoing.find((one) => one.key === message.key);
        return before && JSON.stringify(before) === JSON.stringify(message) ? before : message;
      });
    if (next.length === this.outgoing.length && next.every((each, i) => each === this.outgoing[i])) return;
    this.outgoing = next;
    this.revision.value += 1;
  }
  /** What a waiting one answers is nearly always on the screen. */
  private answering(message: Message): Message {
    const to = message.replyTo && this.items.get(message.replyTo.seq);
    if (to?.kind !== 'message') return message;
    return { ...message, replyTo: { seq: to.seq, author: to.author.handle, text: to.text, deleted: to.deleted } };
  }
  /** Of the leading tab. */
  onFlying(): void {
    this.rebuildOutgoing();
  }
  /** The connection came or went: holes on the screen are asked for again. */
  onLive(): void {
    this.asked = new Set();
    this.payHoles();
    this.revision.value += 1;
  }

  // ---- single messages --------------------------------------------------------------------------------------------------

  message(seq: number): Promise<Message | undefined> {
    return read(this.of.database, async (rows) => {
      const found = await readBlock(rows, this.id, seq, 1);
      const event = found.events.find((each) => each.seq === seq && each.kind === EventKind.message);
      return event && messageOf(event, this.showing(found));
    });
  }
  async versions(seq: number): Promise<readonly Version[]> {
    const texts = (): Promise<Version[]> =>
      read(this.of.database, async (rows) => {
        const found = await readBlock(rows, this.id, seq, 1);
        const event = found.events.find((each) => each.seq === seq);
        const message = event && messageOf(event, this.showing(found));
        if (!event || !message || message.deleted) return [];
        const held = new Map((await rows.changes(this.id, seq, seq)).map((each) => [each.seq, each]));
        const edits = [...(event.state?.edits ?? [])];
        for (const each of held.values())
          if (each.kind === EventKind.edited && !edits.some((one) => one.seq === each.seq))
            edits.push({ seq: each.seq, at: each.at });
        const last = edits.at(-1);
        return [
          { atMs: event.at, text: event.body, held: true },
          ...edits.map((edit) => {
            const text = edit === last ? message.text : held.get(edit.seq)?.body;
            return { atMs: edit.at, text: text ?? '', held: text !== undefined };
          }),
        ];
      });
    const first = await texts();
    const lacking = first.filter((each) => !each.held);
    if (lacking.length === 0) return first;
    // Earlier texts lie in slots of their own, which may be owed still.
    const event = await read(this.of.database, (rows) => rows.event(this.id, seq));
    for (const edit of event?.state?.edits ?? [])
      this.of.hub.say({ type: 'want', chat: this.id, first: edit.seq, last: edit.seq });
    await this.until(() => (event?.state?.edits ?? []).every((edit) => this.held.held.contains(edit.seq)), Date.now() + 3_000);
    return texts();
  }
  /** The database closes. */
  end(): void {
    this.ended = true;
  }
  private ended = false;
  close(): void {
    if (this.of.closed()) this.ended = true;
  }
}
