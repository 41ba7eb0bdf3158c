// Everything of a device that has an account, joined: store, tabs, session, views, acts. Made when the phase becomes 'in'.
import { inBackground } from '../store/background';
import { computed, signal } from '@preact/signals';
import type { Changed } from '../store/changes';
import { Changes } from '../store/changes';
import type { Database, Identity } from '../store/database';
import { Mine } from '../store/mine';
import { RegisterKind, type Change, type Id } from '../sync/records';
import { Acts, newClientId } from './act/acts';
import { BatonHand } from './act/baton';
import type { Conversation, Link, Message, Notice } from './client';
import type { Outcome } from './failure';
import { Asker, failed, good } from './session/asker';
import { Here } from './session/here';
import type { Hub, Live } from './session/hub';
import { Leader } from './session/leader';
import { Signals } from './session/signals';
import { Chats } from './show/chats';
import { OpenConversation } from './show/conversation';
import { readMessage } from './show/read_message';
import { Directory } from './show/directory';
import { ComposerField, putAside } from './show/draft_field';
import { readReceiptsAsked } from './session/receipts_asked';

export interface InsideOf {
  readonly database: Database;
  readonly identity: Identity;
  readonly hub: Hub;
  readonly revoked: () => void;
}

// Of the page: whoever is in after a sign-out is told anew.
let lastNotice = 0;

const nobody: Live = {
  leader: '',
  state: { kind: 'connecting' },
  owed: 0,
  flying: [],
  bodyBytesMax: 16_384,
  known: false,
};

export class Inside {
  readonly changes = new Changes();
  readonly mine: Mine;
  readonly asker: Asker;
  readonly directory: Directory;
  readonly chats: Chats;
  readonly signals: Signals;
  readonly acts: Acts;
  readonly baton: BatonHand;
  readonly here: Here;
  readonly live = signal<Live>(nobody);
  readonly flying = computed(() => new Set(this.live.value.flying) as ReadonlySet<Id>);
  readonly isLive = computed(() => this.live.value.state.kind === 'live');
  readonly waiting = signal({ waiting: 0, refused: 0 });
  readonly notices = signal<readonly { readonly id: number; readonly notice: Notice }[]>([]);
  readonly link = computed((): Link => {
    const { state, owed, leader } = this.live.value;
    return { state, owed, ...this.waiting.value, byOtherTab: leader !== '' && leader !== this.of.hub.tab };
  });
  private leader: Leader | undefined;
  private readonly opened = new Map<Id, { conversation: OpenConversation; field: ComposerField; uses: number }>();
  /** Of every conversation that was opened here: what is typed outlives the screen that it was typed on. */
  private readonly fields = new Map<Id, ComposerField>();
  private readonly receiptsAsked = readReceiptsAsked();

  constructor(private readonly of: InsideOf) {
    const { database, identity, hub } = of;
    const self = { id: identity.member.id, handle: identity.member.handle };
    this.mine = new Mine(database, this.changes, self);
    this.asker = new Asker(hub);
    this.directory = new Directory(database, identity);
    this.chats = new Chats(database, this.directory);
    this.signals = new Signals(hub, (handle) => handle === self.handle || this.directory.isBlockedHandle(handle));
    this.acts = new Acts(this.asker, database, this.directory, identity.origin);
    this.baton = new BatonHand({
      hub,
      asker: this.asker,
      saveDraft: (chat) => this.saveDraft(chat),
      draftIsHere: (chat, rev, ms) => this.draftIsHere(chat, rev, ms),
    });
    this.changes.spread = (changed) => hub.tellOthers({ type: 'changed', changed });
    hub.on('changed', ({ changed }) => this.changes.heard(changed));
    hub.on('live', ({ live }) => this.onLive(live));
    hub.on('receipts', ({ chat }) => this.onReceipts(chat));
    hub.on('notice', ({ notice }) => this.tell(notice));
    this.changes.listen((changed) => inBackground(this.onChanged(changed)));
    this.here = new Here(hub, () => inBackground(this.saveDrafts()));
  }
  /** The list first, from the local store; then the network. */
  async start(): Promise<void> {
    await this.directory.load();
    await this.chats.load();
    await this.countWaiting();
    await this.directory.loadPeople();
    const { hub, database, identity, revoked } = this.of;
    hub.elect(
      () => {
        const { asker, changes, mine } = this;
        this.leader = new Leader({ hub, asker, database, changes, mine, identity, revoked });
        inBackground(this.leader.start());
        inBackground(this.saveOrphans());
      },
      () => {
        this.asker.follow();
        this.leader?.end();
        this.leader = undefined;
      },
    );
    if (!hub.isLeader) hub.checkLeader();
  }
  end(): void {
    this.ended = true;
    this.chats.end();
    for (const { conversation } of this.opened.values()) conversation.end();
    for (const field of this.fields.values()) field.stop();
    this.leader?.end();
    this.here.end();
    this.signals.end();
    this.of.hub.end();
  }

  // ---- opened conversations ---------------------------------------------------------------------------------------------

  open(id: Id): Conversation {
    const known = this.opened.get(id);
    if (known) {
      known.uses += 1;
      return known.conversation;
    }
    const { database, hub } = this.of;
    const { chats, directory, flying, isLive } = this;
    const field = this.fields.get(id) ?? this.newField(id);
    this.fields.set(id, field);
    const conversation = new OpenConversation(id, {
      database,
      hub,
      chats,
      directory,
      typing: this.signals.typing,
      flying,
      isLive,
      draft: field,
      closed: () => this.close(id),
    });
    this.opened.set(id, { conversation, field, uses: 1 });
    field.begin();
    inBackground(hub.tabsAlive().then((alive) => field.recover(alive)));
    this.here.shows([...this.opened.keys()]);
    this.askReceipts(id);
    return conversation;
  }
  private newField(id: Id): ComposerField {
    const { chats, directory, mine, asker } = this;
    const { tab } = this.of.hub;
    const isSending = (): boolean => this.isSending(id);
    // Only an open one speaks for the list: a closed one is what its local copy or the register says.
    const typed = (text: string): void => void (this.opened.has(id) && chats.onTyped(id, text));
    return new ComposerField({ id, tab, mine, asker, directory, isSending, typed });
  }
  private close(id: Id): boolean {
    const known = this.opened.get(id);
    if (!known) return true;
    known.uses -= 1;
    if (known.uses > 0) return false;
    known.field.end();
    this.chats.onTyped(id, undefined);
    this.opened.delete(id);
    this.here.shows([...this.opened.keys()]);
    return true;
  }
  private isSending(id: Id): boolean {
    return this.chats.hasQueued(id);
  }

  /** A message of any conversation, as it is held. */
  async peek(id: Id, seq: number): Promise<Message | undefined> {
    const conversation = this.opened.get(id)?.conversation;
    if (conversation) return conversation.message(seq);
    const { database } = this.of;
    return readMessage(database, this.directory, this.chats, id, seq);
  }
  offering(): [Hub, Asker, Identity] {
    return [this.of.hub, this.asker, this.of.identity];
  }

  // ---- writing ----------------------------------------------------------------------------------------------------------

  async write(chat: Id, change: Change): Promise<Outcome<Id>> {
    const clientId = newClientId();
    const field = change.kind === 'send' ? this.fieldOf(chat, change.body) : undefined;
    // Its transaction is begun before the field is emptied: what is typed from here on is kept after it.
    const kept = this.mine.enqueue(chat, clientId, change, Date.now(), field ? this.of.hub.tab : undefined);
    if (change.kind === 'send') field?.onSent(change.body);
    try {
      await kept;
    } catch {
      return failed('local_store');
    }
    this.of.hub.say({ type: 'flush', what: 'outbox' });
    return good(clientId);
  }
  async intend(work: Promise<boolean>): Promise<Outcome> {
    try {
      await work;
    } catch {
      return failed('local_store');
    }
    this.of.hub.say({ type: 'flush', what: 'intents' });
    return good(undefined);
  }

  // ---- drafts -----------------------------------------------------------------------------------------------------------

  /** The field that a text was written in; undefined: it comes from elsewhere, and what is in the field stays. */
  private fieldOf(chat: Id, text: string): ComposerField | undefined {
    const field = this.opened.get(chat)?.field;
    return field && field.text.trim() === text.trim() ? field : undefined;
  }
  /** Revision of the draft that this text was written on. */
  writtenOn(chat: Id, text: string): number {
    return this.fieldOf(chat, text)?.writtenOn ?? 0;
  }
  async saveDrafts(): Promise<void> {
    await Promise.all([...this.fields.values()].map((field) => field.flush()));
  }
  private async saveDraft(chat: Id): Promise<number> {
    const field = this.opened.get(chat)?.field;
    await field?.flush();
    return field?.rev ?? 0;
  }
  private draftIsHere(chat: Id, rev: number, ms: number): Promise<void> {
    const isHere = (): boolean => (this.directory.find(RegisterKind.draft, chat)?.rev ?? 0) >= rev;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(end, ms);
      const look = (): void => void this.registersRead.then(() => isHere() && end());
      const stop = this.changes.listen(look);
      look();
    });
  }
  /** What tabs that are gone left unsaved, of conversations that nobody opens: saved, or kept beside. */
  private async saveOrphans(): Promise<void> {
    const stop = this.of.hub.on('live', ({ live }) => {
      if (live.state.kind !== 'live') return;
      stop();
      inBackground(this.saveEach());
    });
  }

  private async saveEach(): Promise<void> {
    const alive = await this.of.hub.tabsAlive();
    for (const each of await this.mine.allDrafts()) {
      if (each.tab === this.of.hub.tab || alive?.has(each.tab) || this.opened.has(each.conversation)) continue;
      await putAside(this.asker, this.mine, each);
    }
  }

  // ---- what changed -----------------------------------------------------------------------------------------------------

  private registersRead: Promise<void> = Promise.resolve();
  private ended = false;
  private async onChanged(changed: Changed): Promise<void> {
    if (this.ended) return;
    if (changed.all) this.registersRead = this.directory.load();
    else if (changed.registers.length > 0) this.registersRead = this.directory.load(changed.registers);
    await this.registersRead;
    const drafts = [RegisterKind.draft, RegisterKind.keptDraft] as number[];
    for (const { conversation } of this.opened.values()) conversation.onChanged(changed);
    for (const [id, field] of this.fields) {
      if (changed.all) field.onReset();
      const concerns = changed.all || changed.conversations.includes(id);
      if (concerns && (changed.all || changed.registers.some((each) => drafts.includes(each)))) field.onRegisters();
    }
    this.chats.onChanged(changed);
    if (changed.outbox || changed.all) await this.countWaiting();
  }
  private async countWaiting(): Promise<void> {
    const all = await this.mine.outbox();
    const refused = all.filter((each) => each.state === 'rejected').length;
    const waiting = all.filter((each) => each.state !== 'committed').length;
    const before = this.waiting.peek();
    if (before.waiting !== waiting || before.refused !== refused) this.waiting.value = { waiting, refused };
  }
  private onLive(live: Live): void {
    const before = this.live.peek();
    if (JSON.stringify(before) === JSON.stringify(live)) return;
    const wasLive = before.state.kind === 'live';
    this.live.value = live;
    this.chats.onFlying(live.flying);
    const isLive = live.state.kind === 'live';
    for (const { conversation } of this.opened.values()) conversation.onFlying();
    if (isLive === wasLive) return;
    for (const { conversation } of this.opened.values()) conversation.onLive();
    if (isLive) for (const field of this.fields.values()) field.onLive();
    if (isLive && before.state.kind !== 'checking') this.askAllReceipts();
  }
  private onReceipts(chat: Id): void {
    this.chats.onReceipts(chat);
    this.opened.get(chat)?.conversation.onReceipts();
  }
  /** They are dropped with the signals when a session falls behind: asked again once live. */
  private askAllReceipts(): void {
    this.receiptsAsked.clear();
    for (const id of this.opened.keys()) this.askReceipts(id);
    for (const row of this.chats.rows.peek()) if (row.preview?.mine && row.kind !== 'self') this.askReceipts(row.id);
  }
  private askReceipts(id: Id): void {
    if (this.isLive.peek()) this.receiptsAsked.ask(id, this.asker, this.opened.has(id));
  }
  /** A group that is left on purpose here is no news here. */
  readonly leaving = new Set<Id>();
  private tell(notice: Notice): void {
    if (notice.kind === 'chat_gone' && this.leaving.delete(notice.chat)) return;
    lastNotice += 1;
    this.notices.value = [...this.notices.peek(), { id: lastNotice, notice }].slice(-20);
  }
}
