// The seam between the engine and the ui: the ui renders from these signals and calls these methods, and knows nothing
// else of protocol, store or socket. `openClient` (open.ts) makes the one Client of a page.
//
//   const client = openClient();          // at once; phase is 'opening' for some milliseconds
//   effect(() => draw(client.phase.value, client.chats.value));
//
// Actions return when their end is known: `Outcome` holds a value or a Failure with a code that the ui has words for.
// What a person writes (send, edit, delete, react, pin, forward) and what he sets (read, mute, star) is kept in the local
// store first and survives everything; it shows at once and is carried out when there is a connection.
import type { ReadonlySignal } from '@preact/signals';
import type { Outcome } from './failure';
import type {
  Arrival,
  ChatRow,
  Conversation,
  Device,
  Id,
  Invitation,
  Link,
  Me,
  Member,
  Message,
  Notice,
  Person,
  Presence,
  Tie,
} from './views';

export type * from './failure';
export type * from './views';
export { hueOf } from './views';

// ---- phases -------------------------------------------------------------------------------------------------------------

export type Phase =
  | { readonly kind: 'opening' }
  /** The page cannot work here. `not_secure`: plain http from another host (say https, or localhost); `no_store`: the
   *  browser keeps nothing (private window); `too_old`: no Ed25519 keys or no IndexedDB in this browser. */
  | { readonly kind: 'unusable'; readonly why: 'not_secure' | 'no_store' | 'too_old' }
  /** No account on this device: see Client.door. */
  | { readonly kind: 'door' }
  | { readonly kind: 'in' }
  /** This device was revoked: everything of it was wiped. `toDoor()` begins anew. */
  | { readonly kind: 'revoked' };

/** What the address of the page carries after '#'. */
export type PageLink =
  | { readonly kind: 'none' }
  | { readonly kind: 'invitation'; readonly secret: Id }
  | { readonly kind: 'pairing'; readonly secret: Id }
  /** Something like a link whose secret is not whole: it was cut when it was copied. */
  | { readonly kind: 'broken' };

export type Preview =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'open';
      /** Handle; empty for the daemon's own first invitation: whoever comes is the owner. */
      readonly inviter: string;
      readonly inviterName: string;
      readonly note: string;
      readonly expiresAtMs: number;
    }
  /** invitation_unknown, _spent, _expired or _revoked: say why, offer "ask again". */
  | { readonly kind: 'dead'; readonly failure: import('./failure').Failure }
  /** Not reached; tried again by itself. */
  | { readonly kind: 'unreachable'; readonly retryAtMs: number };

export type Pairing =
  | { readonly kind: 'idle' }
  | { readonly kind: 'presenting' }
  /** Show the digits: the owner types them at the other device. */
  | { readonly kind: 'waiting'; readonly digits: string; readonly handle: string }
  | { readonly kind: 'failed'; readonly failure: import('./failure').Failure };

/** Ways in, for a device without an account. The phase becomes 'in' by itself. */
export interface Door {
  readonly link: ReadonlySignal<PageLink>;
  /** Of an invitation in the address; asked for by itself. */
  readonly preview: ReadonlySignal<Preview>;
  /** A repeat after a lost answer is harmless: the key is kept until the end is known. */
  join(who: { handle: string; name: string; deviceName: string }): Promise<Outcome>;
  readonly pairing: ReadonlySignal<Pairing>;
  /** Presents the secret of the pairing link. Ends with `pairing`, or with phase 'in'. */
  pair(deviceName: string): Promise<Outcome>;
  cancelPairing(): void;
  recover(code: string, deviceName: string): Promise<Outcome>;
  /** A pasted link instead of the address. */
  open(link: string): Outcome;
}

// ---- pairing at the existing device -------------------------------------------------------------------------------------

export type Offer =
  /** `link` is shown as QR and text; good for ten minutes and one device. */
  | { readonly kind: 'offered'; readonly link: string; readonly untilMs: number }
  /** A newcomer showed up. The owner types the six digits that the newcomer shows. */
  | { readonly kind: 'asked'; readonly deviceName: string; readonly atMs: number }
  | { readonly kind: 'done'; readonly deviceName: string }
  | { readonly kind: 'failed'; readonly failure: import('./failure').Failure };

export interface PairingOffer {
  readonly state: ReadonlySignal<Offer>;
  /** Approves when the digits are the newcomer's; bad_digits otherwise (nothing is decided then). */
  approve(digits: string): Promise<Outcome>;
  refuse(): Promise<Outcome>;
  cancel(): void;
}

// ---- baton --------------------------------------------------------------------------------------------------------------

/** Where the person is: told by the ui when it is asked for. */
export interface Place {
  readonly chat: Id;
  /** Message at the upper edge; 0: the newest. */
  readonly anchorSeq: number;
  /** How much of it is above the edge, 0 to 999 thousandths of its height. */
  readonly anchorOffset: number;
  /** In code points. */
  readonly caret: number;
}

/** Another device of mine passed this here: open it at that line, set the caret, then call `taken`. The draft is here. */
export interface PassedBaton extends Place {
  readonly fromDevice: string;
  taken(): void;
}

export interface Baton {
  readonly passed: ReadonlySignal<PassedBaton | undefined>;
  /** The ui says where the person is; undefined: nothing is open. Asked for when another device takes over. */
  setPlace(place: (() => Place | undefined) | undefined): void;
  /** Moves it there: the draft is saved first. A notice 'continued_on' follows. device_away: not connected. */
  give(deviceId: Id, place: Place): Promise<Outcome>;
  /** Takes over here what another device has open; `passed` follows. device_away: there is none. */
  takeOver(): Promise<Outcome>;
}

// ---- the client ---------------------------------------------------------------------------------------------------------

export interface SendOptions {
  /** Seq of the message it answers. */
  readonly replyTo?: number;
}

export interface Client {
  readonly phase: ReadonlySignal<Phase>;
  readonly door: Door;
  readonly me: ReadonlySignal<Me | undefined>;
  readonly link: ReadonlySignal<Link>;
  /** Dials at once ("try now"). */
  connectNow(): void;

  // -- chats
  /** Pinned first, then newest first. */
  readonly chats: ReadonlySignal<readonly ChatRow[]>;
  /** False until the list was read from the local store, and, on a new device, came from the daemon once. */
  readonly chatsKnown: ReadonlySignal<boolean>;
  /** Conversations with unread that are not muted (a mention counts in a muted one too): badge and title. */
  readonly badge: ReadonlySignal<number>;
  /** By handle. Only ties are known; others are not in it. */
  readonly presence: ReadonlySignal<ReadonlyMap<string, Presence>>;
  /** By conversation: handles that type now, without me. */
  readonly typing: ReadonlySignal<ReadonlyMap<Id, readonly string[]>>;
  readonly notices: ReadonlySignal<readonly { readonly id: number; readonly notice: Notice }[]>;
  dismissNotice(id: number): void;
  /** Called in each tab for each new message of others that came live. Returns how to unsubscribe. */
  onArrival(listener: (arrival: Arrival) => void): () => void;

  /** The same object while it is open; `close` it when the screen leaves it (then focus ends). */
  open(chat: Id): Conversation;

  // -- writing. All are kept and shown at once; the promise ends when it is kept, with the client id.
  /** Mentions are read out of the text (@handle, @all, @here). The draft is cleared with it where the
   *  text is the one in the conversation's field. */
  send(chat: Id, text: string, options?: SendOptions): Promise<Outcome<Id>>;
  edit(chat: Id, seq: number, text: string): Promise<Outcome<Id>>;
  deleteForAll(chat: Id, seq: number): Promise<Outcome<Id>>;
  react(chat: Id, seq: number, emoji: string, on: boolean): Promise<Outcome<Id>>;
  pinMessage(chat: Id, seq: number, on: boolean): Promise<Outcome<Id>>;
  forward(from: Id, seq: number, to: Id): Promise<Outcome<Id>>;
  /** A rejected one, once more: as a new intention, at the end of the queue. */
  retry(clientId: Id): Promise<Outcome<Id>>;
  /** Takes back what waits or was rejected. not_found: it is on its way or committed already. */
  discard(clientId: Id): Promise<Outcome>;
  star(chat: Id, seq: number, on: boolean): Promise<Outcome>;
  /** Deletes (or brings back) for my own devices only. */
  hide(chat: Id, seq: number, on: boolean): Promise<Outcome>;
  /** Starred messages, newest first, as far as they are held. */
  starred(): Promise<readonly { readonly chat: Id; readonly message: Message }[]>;

  // -- reading
  /** The marker moves by this alone. Calls may come late, twice, in any order. */
  markRead(chat: Id, through: number): void;
  /** Puts the marker just before `seq`. The value takes it back (undo). */
  markUnreadFrom(chat: Id, seq: number): Promise<Outcome<() => void>>;
  mute(chat: Id, on: boolean): Promise<Outcome>;
  pinChat(chat: Id, on: boolean): Promise<Outcome>;
  /** Key pressed in a composer; sent every three seconds at most. */
  type(chat: Id): void;
  /** Real input (key, pointer, touch) happened: active for a minute. The engine itself watches visibility. */
  touch(): void;

  // -- people
  /** Mutual first, then asks to me, then the rest; each by name. */
  readonly ties: ReadonlySignal<readonly Tie[]>;
  ask(handle: string): Promise<Outcome>;
  accept(handle: string): Promise<Outcome>;
  decline(handle: string): Promise<Outcome>;
  endTie(handle: string): Promise<Outcome>;
  block(handle: string): Promise<Outcome>;
  unblock(handle: string): Promise<Outcome>;
  /** An object URL of the picture; undefined: none, or not to be had now. Cached; fetched once. */
  picture(person: Person, chat?: Id): Promise<string | undefined>;

  // -- groups
  newGroup(title: string, handles: readonly string[]): Promise<Outcome<Id>>;
  members(chat: Id): Promise<Outcome<readonly Member[]>>;
  addMember(chat: Id, handle: string): Promise<Outcome>;
  removeMember(chat: Id, handle: string): Promise<Outcome>;
  leaveGroup(chat: Id, successor?: string): Promise<Outcome>;
  setTitle(chat: Id, title: string): Promise<Outcome>;

  // -- invitations
  invite(what: { uses: number; expiresInS: number; note: string }): Promise<Outcome<Invitation>>;
  invitations(): Promise<Outcome<readonly Invitation[]>>;
  revokeInvitation(id: Id): Promise<Outcome>;

  // -- devices
  devices(): Promise<Outcome<readonly Device[]>>;
  revokeDevice(id: Id): Promise<Outcome>;
  offerPairing(): Promise<Outcome<PairingOffer>>;
  /** Ten new codes; the old ones are dead. Show them now: nobody can show them again. */
  makeRecoveryCodes(): Promise<Outcome<readonly string[]>>;
  /** Whether codes were saved or skipped knowingly on this device (joining is not finished before). */
  readonly recoveryAsked: ReadonlySignal<boolean>;
  recoverySettled(): Promise<void>;
  readonly baton: Baton;

  // -- me
  setProfile(name: string, hue: number): Promise<Outcome>;
  /** PNG, JPEG or WebP of at most 24,576 bytes, drawn anew by the ui (canvas); undefined removes it. */
  setPicture(picture: Blob | undefined): Promise<Outcome>;
  setReceipts(on: boolean): Promise<Outcome>;
  /** Bytes of a message body at most. */
  readonly bodyBytesMax: ReadonlySignal<number>;
  /** Revokes this device (when it can be told) and wipes everything of it here. */
  signOut(): Promise<void>;
  /** From 'revoked' to the door. */
  toDoor(): void;

  // -- the page itself
  /** A newer version of this page waits. It takes over by itself when the page is out of sight, or with `update`. */
  readonly updateWaiting: ReadonlySignal<boolean>;
  /** Saves what is being typed and loads the newer page. */
  update(): void;
}
