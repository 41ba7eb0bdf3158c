// The client of a page: from opening to the door, in, and out again. What needs an account is in Inside.
import { inBackground } from '../store/background';
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { openDatabase, type Database, type Identity } from '../store/database';
import { isFinished, loadIdentity, wipe } from '../store/identity';
import { read } from '../store/transaction';
import { isDeleted, stateOf, textOf } from '../sync/message_state';
import { RegisterKind, type Id } from '../sync/records';
import { fromHex } from '../protocol/bytes';
import { FrontDoor } from './act/door';
import { linkOf } from './act/links';
import type { Arrival, Baton, Client, Conversation, Message, Outcome, Person, Phase, SendOptions } from './client';
import { Inside } from './inside';
import { newClientId } from './act/acts';
import { done, failed, good } from './session/asker';
import { Hub, type TabsPort } from './session/hub';
import { registerWorker, type Update } from './worker';

export interface EngineOf {
  /** As the page was dialled: location.origin. */
  readonly origin: string;
  /** location.hash. */
  readonly hash: string;
  readonly databaseName: string;
  readonly tabs: TabsPort;
  readonly isSecure: boolean;
  /** The link led in: its secret is to be forgotten. */
  readonly linkUsed: () => void;
}

export class Engine implements Client {
  readonly phase = signal<Phase>({ kind: 'opening' });
  readonly door: FrontDoor;
  readonly recoveryAsked = signal(true);
  private readonly inside = signal<Inside | undefined>(undefined);
  private database: Database | undefined;
  private hub: Hub;
  private erasing: Promise<void> = Promise.resolve();
  private typedAt = new Map<Id, number>();

  readonly me = computed(() => this.inside.value?.directory.me.value);
  readonly link = computed(() => this.inside.value?.link.value ?? nowhere);
  readonly chats = computed(() => this.inside.value?.chats.rows.value ?? []);
  readonly chatsKnown = computed(() => {
    const inside = this.inside.value;
    return inside !== undefined && inside.chats.loaded.value && (inside.live.value.known || inside.chats.rows.value.length > 0);
  });
  readonly badge = computed(() => this.inside.value?.chats.badge.value ?? 0);
  readonly ties = computed(() => this.inside.value?.directory.ties.value ?? []);
  /** Of those who are tied with me now: the daemon says nothing more of others, not even that it says nothing. */
  readonly presence = computed(() => {
    const tied = new Set(this.ties.value.filter((tie) => tie.tie === 'mutual').map((tie) => tie.handle));
    return new Map([...(this.inside.value?.signals.presence.value ?? [])].filter(([handle]) => tied.has(handle)));
  });
  readonly typing = computed(() => this.inside.value?.signals.typing.value ?? new Map());
  readonly notices = computed(() => this.inside.value?.notices.value ?? []);
  readonly bodyBytesMax: ReadonlySignal<number> = computed(() => this.inside.value?.live.value.bodyBytesMax ?? 16_384);

  constructor(private readonly of: EngineOf) {
    this.door = new FrontDoor({ origin: of.origin, database: () => this.database, joined: (who) => this.enter(who, true) });
    this.door.link.value = linkOf(of.hash);
    this.hub = this.newHub();
  }

  /** Another link was opened in this page. */
  arrive(hash: string): void {
    this.door.link.value = linkOf(hash);
  }
  get databaseName(): string {
    return this.of.databaseName;
  }

  // ---- phases -----------------------------------------------------------------------------------------------------------

  async start(): Promise<void> {
    if (!this.of.isSecure || !globalThis.crypto?.subtle) return this.unusable('not_secure');
    if (typeof indexedDB === 'undefined') return this.unusable('too_old');
    await this.erasing;
    try {
      this.database = await openDatabase(this.of.databaseName, () => this.lostDatabase());
      const identity = await loadIdentity(this.database);
      if (isFinished(identity)) return await this.enter(identity, false);
    } catch {
      return this.unusable('no_store');
    }
    // A browser without Ed25519 is told so before it asks anything of anybody.
    const able = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']).then(
      () => true,
      () => false,
    );
    if (!able) return this.unusable('too_old');
    this.phase.value = { kind: 'door' };
    this.door.enter();
  }
  private unusable(why: 'not_secure' | 'no_store' | 'too_old'): void {
    this.phase.value = { kind: 'unusable', why };
  }
  private newHub(): Hub {
    const hub = new Hub(this.of.databaseName, this.of.tabs);
    // Another tab of this device joined, or ended the account.
    hub.on('identity', () => inBackground(this.joinedElsewhere()));
    hub.on('ended', ({ why }) => {
      this.database?.close();
      this.database = undefined;
      this.leave(why === 'revoked' ? 'revoked' : 'door');
      if (why !== 'revoked') void this.start();
    });
    return hub;
  }
  private async enter(identity: Identity, fresh: boolean): Promise<void> {
    if (this.inside.peek() || !this.database) return;
    const { database, hub } = this;
    const inside = new Inside({ database, identity, hub, revoked: () => inBackground(this.erase('revoked')) });
    hub.on('arrival', ({ arrival }) => {
      for (const listener of this.listeners) listener({ ...arrival, isTeller: hub.isLeader });
    });
    this.inside.value = inside;
    this.recoveryAsked.value = (await database.get('meta', 'fresh')) !== true;
    await inside.start();
    this.phase.value = { kind: 'in' };
    if (fresh) {
      this.of.linkUsed();
      hub.tellOthers({ type: 'identity' });
    }
  }
  private async joinedElsewhere(): Promise<void> {
    if (this.inside.peek() || !this.database) return;
    const identity = await loadIdentity(this.database);
    if (!isFinished(identity)) return;
    this.door.leave();
    await this.enter(identity, false);
  }
  /** Another tab deleted it, or a newer page wants it. */
  private lostDatabase(): void {
    this.database = undefined;
    if (!this.inside.peek()) return;
    this.leave('door');
    void this.start();
  }
  /** Nothing of this device stays. */
  private async erase(to: 'revoked' | 'door'): Promise<void> {
    const { database } = this;
    this.database = undefined;
    this.leave(to);
    if (database) {
      const tell = (): void => this.hub.tellOthers({ type: 'ended', why: to === 'revoked' ? 'revoked' : 'signed_out' });
      this.erasing = wipe(database, this.of.databaseName, tell).catch(() => undefined);
      await this.erasing;
    }
    if (to === 'door') await this.start();
  }
  private leave(to: 'revoked' | 'door'): void {
    this.inside.peek()?.end();
    this.inside.value = undefined;
    this.hub = this.newHub();
    this.phase.value = to === 'revoked' ? { kind: 'revoked' } : { kind: 'opening' };
  }
  toDoor(): void {
    if (this.phase.peek().kind === 'revoked') void this.start();
  }
  async signOut(): Promise<void> {
    const inside = this.inside.peek();
    const id = this.me.peek()?.deviceId;
    // The daemon throws the device out, which answers as well as an Ok does; without a connection it stays on the list.
    if (inside && id) {
      const told = inside.asker.ask('deviceRevoke', { id: fromHex(id) }, 'ok', { clientId: newClientId() });
      await Promise.race([told, new Promise((resolve) => setTimeout(resolve, signOutMs))]);
    }
    // It was faster to throw us out: the door is where this leads all the same.
    if (this.phase.peek().kind === 'revoked') return this.toDoor();
    await this.erase('door');
  }
  connectNow(): void {
    this.hub.say({ type: 'dial' });
  }

  // ---- writing and reading ----------------------------------------------------------------------------------------------

  private get in(): Inside {
    const inside = this.inside.peek();
    if (!inside) throw new Error('nobody is in');
    return inside;
  }
  open(chat: Id): Conversation {
    return this.in.open(chat);
  }
  async send(chat: Id, text: string, options: SendOptions = {}): Promise<Outcome<Id>> {
    const bytes = new TextEncoder().encode(text).length;
    if (bytes === 0) return failed('body_empty');
    if (bytes > this.bodyBytesMax.peek()) return failed('body_too_large');
    return this.in.write(chat, { kind: 'send', body: text, replyTo: options.replyTo ?? 0, draftRev: this.in.writtenOn(chat, text) });
  }
  async edit(chat: Id, seq: number, text: string): Promise<Outcome<Id>> {
    const bytes = new TextEncoder().encode(text).length;
    if (bytes === 0) return failed('body_empty');
    if (bytes > this.bodyBytesMax.peek()) return failed('body_too_large');
    return this.in.write(chat, { kind: 'edit', seq, body: text });
  }
  deleteForAll(chat: Id, seq: number): Promise<Outcome<Id>> {
    return this.in.write(chat, { kind: 'delete', seq });
  }
  react(chat: Id, seq: number, emoji: string, on: boolean): Promise<Outcome<Id>> {
    return this.in.write(chat, { kind: 'react', seq, emoji, on });
  }
  pinMessage(chat: Id, seq: number, on: boolean): Promise<Outcome<Id>> {
    return this.in.write(chat, { kind: 'pin', seq, on });
  }
  async forward(from: Id, seq: number, to: Id): Promise<Outcome<Id>> {
    const body = await read(this.database!, async (rows) => {
      const event = await rows.event(from, seq);
      if (!event) return undefined;
      const state = stateOf(event, await rows.changes(from, seq, seq));
      return isDeleted(event, state) ? undefined : textOf(event, state);
    });
    if (body === undefined) return failed('not_held');
    return this.in.write(to, { kind: 'forward', from, fromSeq: seq, body });
  }
  async retry(clientId: Id): Promise<Outcome<Id>> {
    const newId = newClientId();
    if (!(await this.in.mine.again(clientId, newId, Date.now()))) return failed('not_found');
    this.hub.say({ type: 'flush', what: 'outbox' });
    return good(newId);
  }
  async discard(clientId: Id): Promise<Outcome> {
    if (this.in.flying.peek().has(clientId)) return failed('not_found');
    const entry = await this.in.mine.take(clientId, ['rejected', 'queued']);
    return entry ? done : failed('not_found');
  }
  star(chat: Id, seq: number, on: boolean): Promise<Outcome> {
    return this.in.intend(this.in.mine.flag('star', chat, seq, on));
  }
  hide(chat: Id, seq: number, on: boolean): Promise<Outcome> {
    return this.in.intend(this.in.mine.flag('hide', chat, seq, on));
  }
  mute(chat: Id, on: boolean): Promise<Outcome> {
    return this.in.intend(this.in.mine.flag('mute', chat, 0, on));
  }
  pinChat(chat: Id, on: boolean): Promise<Outcome> {
    return this.in.intend(this.in.mine.flag('pin', chat, 0, on));
  }
  async starred(): Promise<readonly { readonly chat: Id; readonly message: Message }[]> {
    const stars = await read(this.database!, (rows) => rows.registers(RegisterKind.star));
    const found: { chat: Id; message: Message }[] = [];
    for (const star of stars) {
      if (star.removed || !this.in.directory.has(RegisterKind.membership, star.conversation)) continue;
      const message = await this.in.peek(star.conversation, star.messageSeq);
      if (message && !message.deleted) found.push({ chat: star.conversation, message });
    }
    return found.sort((a, b) => b.message.atMs - a.message.atMs);
  }
  markRead(chat: Id, through: number): void {
    const summary = this.in.chats.summary(chat);
    if (!summary || through <= summary.marker) return;
    void this.in.intend(this.in.mine.read(chat, Math.min(through, summary.head), summary.rev));
  }
  async markUnreadFrom(chat: Id, seq: number): Promise<Outcome<() => void>> {
    const before = this.in.chats.summary(chat);
    if (!before) return failed('not_found');
    const outcome = await this.in.acts.markUnread(chat, seq, before.rev);
    if (!outcome.ok) return outcome;
    const { rev } = outcome.value;
    return good(() => void this.in.intend(this.in.mine.read(chat, before.marker, rev)));
  }
  type(chat: Id): void {
    const now = Date.now();
    this.touch();
    if (now - (this.typedAt.get(chat) ?? 0) < typingEveryMs) return;
    this.typedAt.set(chat, now);
    void this.in.asker.ask('typing', { conversationId: fromHex(chat) }, 'ok');
  }
  touch(): void {
    this.inside.peek()?.here.touch();
  }
  dismissNotice(id: number): void {
    const inside = this.inside.peek();
    if (inside) inside.notices.value = inside.notices.peek().filter((each) => each.id !== id);
  }
  onArrival(listener: (arrival: Arrival) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  private readonly listeners = new Set<(arrival: Arrival) => void>();

  readonly baton: Baton = {
    passed: computed(() => this.inside.value?.baton.passed.value),
    setPlace: (place) => this.inside.peek()?.baton.setPlace(place),
    give: (deviceId, place) => this.in.baton.give(deviceId, place),
    takeOver: () => this.in.baton.takeOver(),
  };

  // ---- people, groups, devices, me: see Acts ----------------------------------------------------------------------------

  ask = (handle: string): Promise<Outcome> => this.in.acts.tie('ASK', handle);
  accept = (handle: string): Promise<Outcome> => this.in.acts.tie('ACCEPT', handle);
  decline = (handle: string): Promise<Outcome> => this.in.acts.tie('DECLINE', handle);
  endTie = (handle: string): Promise<Outcome> => this.in.acts.tie('END', handle);
  block = (handle: string): Promise<Outcome> => this.in.acts.tie('BLOCK', handle);
  unblock = (handle: string): Promise<Outcome> => this.in.acts.tie('UNBLOCK', handle);
  picture = (person: Person, chat?: Id): Promise<string | undefined> => this.in.acts.picture(person, chat);
  newGroup: Client['newGroup'] = (title, handles) => this.in.acts.newGroup(title, handles);
  members: Client['members'] = (chat) => this.in.acts.members(chat);
  addMember: Client['addMember'] = (chat, handle) => this.in.acts.addMember(chat, handle);
  removeMember: Client['removeMember'] = (chat, handle) => this.in.acts.removeMember(chat, handle);
  leaveGroup: Client['leaveGroup'] = async (chat, successor) => {
    const { leaving, acts } = this.in;
    leaving.add(chat);
    const outcome = await acts.leaveGroup(chat, successor);
    if (!outcome.ok) leaving.delete(chat);
    return outcome;
  };
  setTitle: Client['setTitle'] = (chat, title) => this.in.acts.setTitle(chat, title);
  invite: Client['invite'] = (what) => this.in.acts.invite(what);
  invitations: Client['invitations'] = () => this.in.acts.invitations();
  revokeInvitation: Client['revokeInvitation'] = (id) => this.in.acts.revokeInvitation(id);
  devices: Client['devices'] = () => this.in.acts.devices();
  revokeDevice: Client['revokeDevice'] = (id) => this.in.acts.revokeDevice(id);
  makeRecoveryCodes: Client['makeRecoveryCodes'] = () => this.in.acts.makeRecoveryCodes();
  setProfile: Client['setProfile'] = (name, hue) => this.in.acts.setProfile(name, hue);
  setPicture: Client['setPicture'] = (picture) => this.in.acts.setPicture(picture);
  setReceipts: Client['setReceipts'] = (on) => this.in.acts.setReceipts(on);
  offerPairing: Client['offerPairing'] = async () => (await import('./act/offer')).offerPairing(...this.in.offering());
  async recoverySettled(): Promise<void> {
    this.recoveryAsked.value = true;
    await this.database?.delete('meta', 'fresh');
  }
  readonly worker: Update = registerWorker(() => this.inside.peek()?.saveDrafts() ?? Promise.resolve());
  readonly updateWaiting = this.worker.waiting;
  update(): void {
    this.worker.apply();
  }
  /** Of this tab, for tests and for a page that ends. */
  end(): void {
    this.door.leave();
    this.inside.peek()?.end();
    this.hub.end();
    this.database?.close();
  }
}

const typingEveryMs = 3_000;
const signOutMs = 3_000;
const nowhere = { state: { kind: 'connecting' }, waiting: 0, refused: 0, byOtherTab: false, owed: 0 } as const;
