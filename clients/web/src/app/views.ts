// What is shown: plain immutable values. A value that did not change keeps its identity, so that `===` tells the ui what
// to draw again. Ids are 32 hex digits, seqs are numbers (dense from 1 in a conversation), times are milliseconds since
// 1970 by the server's clock. Texts come from other people and are texts: never HTML.
import type { ReadonlySignal } from '@preact/signals';
import type { Failure, Outcome } from './failure';

export type Id = string;

export interface Person {
  readonly id: Id;
  readonly handle: string;
  /** Display name; empty when I may not know it: show the handle. */
  readonly name: string;
  /** 1 to 360; 0: none was chosen, derive one from the id (`hueOf`). */
  readonly hue: number;
  /** Empty: no picture. See Client.picture. */
  readonly pictureId: string;
}

/** `hue` of a person, chosen or derived: the same on every device. */
export function hueOf(person: { readonly id: Id; readonly hue: number }): number {
  return person.hue > 0 ? person.hue : (Number.parseInt(person.id.slice(0, 8) || '0', 16) % 360) + 1;
}

export interface Me extends Person {
  readonly deviceId: Id;
  readonly deviceName: string;
  /** Handle; empty for none. */
  readonly inviter: string;
  /** I give and get read receipts. */
  readonly receipts: boolean;
}

export type PresenceName = 'active' | 'idle' | 'background' | 'offline' | 'unknown';
export interface Presence {
  readonly state: PresenceName;
  /** 0: unknown. */
  readonly sinceMs: number;
}

// ---- the link to the daemon ---------------------------------------------------------------------------------------------

export type LinkState =
  | { readonly kind: 'connecting' }
  /** done of total conversations, and messages still owed. total 0: not known yet. */
  | { readonly kind: 'catching_up'; readonly done: number; readonly total: number }
  | { readonly kind: 'live' }
  /** Nothing was heard for too long; an answer within three seconds, or offline. */
  | { readonly kind: 'checking' }
  /** retryAtMs by this device's clock; 0 while the browser says that there is no network. */
  | { readonly kind: 'offline'; readonly sinceMs: number; readonly retryAtMs: number }
  /** Ended for good: the person has to do something (update, dial the right address). */
  | { readonly kind: 'stopped'; readonly failure: Failure };

export interface Link {
  readonly state: LinkState;
  /** Changes of mine (messages, edits, reactions) that the daemon has not committed. */
  readonly waiting: number;
  /** Of these: refused ones, which wait for retry or discard. */
  readonly refused: number;
  /** Another tab of this device holds the connection for this one. */
  readonly byOtherTab: boolean;
  /** Slots of history owed since the last gap; paid in the background. */
  readonly owed: number;
}

// ---- chat list ----------------------------------------------------------------------------------------------------------

export type ChatKind = 'direct' | 'group' | 'self';

/** Why nothing can be sent; undefined: it can. */
export type CannotSend = 'ended' | 'blocked';

export interface Preview {
  /** 0 for one that is still on its way out. */
  readonly seq: number;
  readonly kind: 'message' | SystemKind;
  /** Handle; my own for what I wrote. */
  readonly author: string;
  readonly mine: boolean;
  readonly text: string;
  readonly deleted: boolean;
  readonly atMs: number;
  /** For system lines: whom they concern, handles. */
  readonly people: readonly string[];
  /** Of my own last message. */
  readonly sent?: SentState;
}

export interface ChatRow {
  readonly id: Id;
  readonly kind: ChatKind;
  /** Title of a group; empty for others: name the peer, or "notes to myself". */
  readonly title: string;
  /** Of a direct conversation. */
  readonly peer?: Person;
  /** The last thing that happened; rows come pinned ones first, then newest first. */
  readonly activityMs: number;
  readonly unread: number;
  readonly mentions: number;
  readonly muted: boolean;
  readonly pinned: boolean;
  /** There is text in the composer (mine, on any device); its beginning. */
  readonly draft?: string;
  readonly preview?: Preview;
  readonly cannotSend?: CannotSend;
  readonly head: number;
  readonly marker: number;
}

// ---- messages -----------------------------------------------------------------------------------------------------------

/** queued (here only) -> sent (on its way) -> committed -> delivered -> read; or rejected. Never back. */
export type SentState = 'queued' | 'sent' | 'committed' | 'delivered' | 'read' | 'rejected';

export interface Reaction {
  readonly emoji: string;
  /** Handles in the order in which they came. */
  readonly by: readonly string[];
  readonly mine: boolean;
}

export interface ReplyTo {
  readonly seq: number;
  /** Undefined until that message is held: show "a message", ask by Conversation.want of its index. */
  readonly author?: string;
  readonly text?: string;
  readonly deleted?: boolean;
}

export interface Message {
  readonly kind: 'message';
  /** Stays the same from queued to read: the key of the row. */
  readonly key: string;
  /** 0: not committed yet. */
  readonly seq: number;
  readonly author: Person;
  readonly mine: boolean;
  readonly deviceName: string;
  /** Committed, or by this device's clock while it waits. */
  readonly atMs: number;
  /** Present text; empty when deleted. */
  readonly text: string;
  readonly deleted: boolean;
  /** 0: never edited. The history: Conversation.versions. */
  readonly editedAtMs: number;
  /** How many texts it had before. */
  readonly edits: number;
  readonly replyTo?: ReplyTo;
  readonly forwardedFrom?: { readonly handle: string; readonly atMs: number };
  readonly mentionsMe: boolean;
  /** Handles that the present text mentions; what else looks like a mention is plain text. */
  readonly mentions: readonly string[];
  readonly mentionsAll: boolean;
  readonly reactions: readonly Reaction[];
  readonly pinned: boolean;
  readonly starred: boolean;
  /** Of my own messages only. */
  readonly sent?: SentState;
  /** Rejected: why. Then Client.retry and Client.discard take `clientId`. */
  readonly failure?: Failure;
  readonly clientId: Id;
  /** A change of mine to it (edit, reaction, pin, deletion) is shown already but not committed. */
  readonly changing: boolean;
  /** A change of mine to it was refused: Client.discard(changeRefused.clientId) takes it away. */
  readonly changeRefused?: { readonly clientId: Id; readonly failure: Failure };
}

export type SystemKind = 'created' | 'added' | 'removed' | 'left' | 'titled' | 'unknown';

/** What happened to the group. `unknown`: a kind newer than this client; it is shown as nothing (height 0). */
export interface SystemLine {
  readonly kind: 'system';
  readonly key: string;
  readonly seq: number;
  readonly what: SystemKind;
  readonly author: Person;
  readonly atMs: number;
  readonly people: readonly Person[];
  /** New title (titled, created). */
  readonly title: string;
}

/** Messages that are not here (yet): "loading 16 messages". Client fetches them once wanted. */
export interface Hole {
  readonly kind: 'hole';
  readonly key: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** False: not connected, or not wanted yet. */
  readonly loading: boolean;
}

/** Held by the local store, not read from it yet: a moment. Reserve a row of usual height. */
export interface Unloaded {
  readonly kind: 'unloaded';
  readonly key: string;
  readonly seq: number;
}

/** By somebody whom I block: not to be shown (height 0, or a quiet line). */
export interface Muffled {
  readonly kind: 'muffled';
  readonly key: string;
  readonly seq: number;
  readonly author: Person;
}

export type Item = Message | SystemLine | Hole | Unloaded | Muffled;

export interface Version {
  readonly atMs: number;
  readonly text: string;
  /** False: that text is not here and could not be fetched. */
  readonly held: boolean;
}

/** How far somebody tied with me holds the conversation, and has read it. */
export interface ReceiptView {
  readonly handle: string;
  /** It says nothing of messages before this one: he was not there yet, or that is not known. */
  readonly fromSeq: number;
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

export interface Member extends Person {
  readonly owner: boolean;
}

// ---- drafts -------------------------------------------------------------------------------------------------------------

/** A text that lost, or was replaced: nothing that was typed is dropped. */
export interface KeptDraft {
  readonly key: string;
  readonly text: string;
  readonly deviceName: string;
  readonly atMs: number;
}

/** Another device's present draft, which does not replace what is being typed here. */
export interface OtherDraft {
  readonly text: string;
  readonly deviceName: string;
  readonly atMs: number;
}

export interface DraftView {
  readonly text: string;
  /** In Unicode code points from the beginning. */
  readonly caret: number;
  /** 0: none. */
  readonly replyTo: number;
  /** Grows whenever the text was replaced from outside (another device, restore, send): then the field takes text and
   *  caret from here. While it does not grow, the field is the truth. */
  readonly version: number;
  /** Name of the device that wrote it last; empty: this one. */
  readonly byDevice: string;
  /** Saved at the daemon. False: here only (still safe against a crash). */
  readonly saved: boolean;
  readonly kept: readonly KeptDraft[];
  readonly other?: OtherDraft;
}

// ---- an opened conversation ---------------------------------------------------------------------------------------------

/** The composer's field. The ui tells it everything that happens; it saves and merges. */
export interface DraftField {
  readonly view: ReadonlySignal<DraftView>;
  /** After every key, paste or undo. Kept locally at once, saved 300 ms after the last one. */
  input(text: string, caret: number): void;
  /** The caret moved without a change: kept for the baton, not saved by itself. */
  moved(caret: number): void;
  /** Focus of the field. A focused field whose text differs from what was saved is never replaced. */
  focus(focused: boolean): void;
  /** compositionstart / compositionend: nothing is replaced in between, focused or not changed. */
  composing(on: boolean): void;
  /** 0: no reply. */
  reply(seq: number): void;
  /** Puts a kept text into the field (what was there is kept instead). */
  restore(key: string): void;
  drop(key: string): Promise<Outcome>;
  /** Takes the other device's draft into the field (what was here is kept). */
  takeOther(): void;
  /** Saves now; before a baton, or when the page hides. */
  flush(): Promise<void>;
}

/** One conversation on the screen. Its list is virtual: `count` items, read by index; `revision` grows with every change
 *  of the list or of a loaded item. Items of unchanged things keep their identity. */
export interface Conversation {
  readonly id: Id;
  /** Undefined once I am no longer in it (or never was): leave the screen. */
  readonly row: ReadonlySignal<ChatRow | undefined>;
  readonly revision: ReadonlySignal<number>;
  /** False until the list is read from the local store (milliseconds). */
  readonly ready: ReadonlySignal<boolean>;
  readonly count: number;
  /** Oldest first; my messages that wait come last. Throws nothing: outside of [0, count) undefined. */
  at(index: number): Item | undefined;
  /** The key of at(index), without loading anything. */
  keyAt(index: number): string;
  /** Index of the item that shows `seq`, or the hole it is in, or the next one after it. -1: nothing is there. */
  indexOf(seq: number): number;
  /** Index of a message that waits; -1 when it is gone or committed. */
  indexOfKey(key: string): number;
  /** The ui shows [first, last] (indices): loads them and pays the holes among them, with a margin. Call freely. */
  want(first: number, last: number): void;
  /** Loads the surroundings of a message, from the daemon if need be, and returns its index. For jumps. */
  reveal(seq: number): Promise<number>;
  /** Read through here (inclusive); 0: nothing. */
  readonly marker: ReadonlySignal<number>;
  /** First unread message held or 0; the unread line stands above it. Computed anew, it moves with the marker: take the
   *  one of the moment of opening for a line that stays. */
  readonly firstUnread: ReadonlySignal<number>;
  readonly head: ReadonlySignal<number>;
  /** Older messages may look as they did before a gap: the answer is on its way. */
  readonly stale: ReadonlySignal<boolean>;
  /** Pinned messages held, newest pin first; seqs. */
  readonly pins: ReadonlySignal<readonly number[]>;
  readonly receipts: ReadonlySignal<readonly ReceiptView[]>;
  /** Handles that type now, without me. */
  readonly typing: ReadonlySignal<readonly string[]>;
  readonly draft: DraftField;
  /** One message, if it is held. */
  message(seq: number): Promise<Message | undefined>;
  /** All texts of an edited message, oldest first. */
  versions(seq: number): Promise<readonly Version[]>;
  /** The screen no longer shows it. */
  close(): void;
}

// ---- people, invitations, devices ---------------------------------------------------------------------------------------

export type TieName = 'asked_out' | 'asked_in' | 'mutual' | 'ended';

export interface Tie extends Person {
  /** Undefined: only blocked, nothing else is between us. */
  readonly tie?: TieName;
  readonly blocked: boolean;
  readonly sinceMs: number;
  /** Our direct conversation, if there is one. */
  readonly chat?: Id;
  /** This one invited me. */
  readonly isInviter: boolean;
}

export interface Invitation {
  readonly id: Id;
  readonly note: string;
  readonly uses: number;
  readonly used: number;
  readonly expiresAtMs: number;
  readonly state: 'open' | 'spent' | 'expired' | 'revoked';
  /** Only for those made on this device since the page was opened: the secret is stored nowhere. */
  readonly link?: string;
}

export interface Device {
  readonly id: Id;
  readonly name: string;
  readonly current: boolean;
  readonly online: boolean;
  readonly createdAtMs: number;
  readonly lastSeenMs: number;
}

/** Told once, for a moment on the screen. */
export type Notice =
  | { readonly kind: 'device_added' | 'device_recovered'; readonly name: string }
  /** I passed the baton and it was taken: "continued on pc". */
  | { readonly kind: 'continued_on'; readonly device: string; readonly chat: Id }
  /** A group took me in, or I am out of it. */
  | { readonly kind: 'chat_gone'; readonly chat: Id; readonly title: string }
  /** What was held could not be trusted: history is fetched anew. */
  | { readonly kind: 'started_over' }
  /** The daemon was put back to an older copy: what is queued and typed here stays. */
  | { readonly kind: 'server_restored' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A new message of another person that came live, for local notifications. Not told for muted conversations unless it
 *  mentions me, nor for what is read already. */
export interface Arrival {
  readonly chat: Id;
  readonly seq: number;
  readonly author: Person;
  readonly text: string;
  readonly mentionsMe: boolean;
  /** A tab of this device has it on its screen now. */
  readonly isSeen: boolean;
  /** This tab tells it beyond its own screen: one tab of the device does. */
  readonly isTeller: boolean;
}
