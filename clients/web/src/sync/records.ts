// What is kept of what the daemon said: plain records that a store clones as they are. Ids are 32 hex digits, seqs and
// times numbers, texts strings. Fields that are usually empty are left out.

export type Id = string;

/** Numbers of EventKind in conversation.proto. */
export const EventKind = {
  message: 1,
  created: 2,
  added: 3,
  removed: 4,
  left: 5,
  titled: 6,
  edited: 7,
  deleted: 8,
  reacted: 9,
  pinned: 10,
} as const;

/** Numbers of RegisterKind in conversation.proto. */
export const RegisterKind = {
  marker: 1,
  draft: 2,
  mute: 3,
  pin: 4,
  tie: 5,
  membership: 6,
  block: 7,
  device: 8,
  star: 9,
  hide: 10,
  stored: 11,
  readThrough: 12,
  keptDraft: 13,
  noReceipts: 14,
  profile: 15,
} as const;
export type RegisterKindNumber = (typeof RegisterKind)[keyof typeof RegisterKind];

export interface PersonRecord {
  readonly id: Id;
  readonly handle: string;
  readonly name: string;
  readonly hue: number;
  readonly pictureId: string;
}

/** MessageState of conversation.proto: what all changes up to `asOf` made of a message. */
export interface StateRecord {
  asOf: number;
  edits: { seq: number; at: number }[];
  /** Present text and whom it mentions (handles), when there are edits. */
  body: string;
  mentions: string[];
  mentionsAll: boolean;
  /** 0: not deleted. */
  deleted: number;
  reactions: { emoji: string; people: string[] }[];
  pinned: number;
}

/** Key: (conversation, seq). */
export interface EventRecord {
  readonly conversation: Id;
  readonly seq: number;
  readonly kind: number;
  readonly authorId: Id;
  readonly author: string;
  readonly device: string;
  readonly clientId: Id;
  readonly at: number;
  readonly replyTo?: number;
  readonly body: string;
  readonly people?: readonly PersonRecord[];
  readonly mentionsAll?: boolean;
  /** Changes only: the message that is changed. Left out for others, so that an index holds changes only. */
  readonly target?: number;
  readonly targetAuthorId?: Id;
  readonly counted?: boolean;
  readonly on?: boolean;
  readonly formerMentions?: readonly string[];
  readonly formerMentionsAll?: boolean;
  readonly destroyed?: boolean;
  readonly forwardedFrom?: string;
  readonly forwardedAt?: number;
  readonly state?: StateRecord;
}

export interface Interval {
  readonly joined: number;
  /** 0: open. */
  readonly left: number;
}

/** Key: (kind, key). Tombstones (`removed`) stay. */
export interface RegisterRecord {
  readonly kind: number;
  readonly key: string;
  readonly rseq: number;
  readonly removed: boolean;
  readonly conversation: Id;
  readonly person?: PersonRecord;
  readonly deviceId?: Id;
  readonly rev: number;
  readonly seq: number;
  readonly device: string;
  readonly tie: number;
  readonly since: number;
  readonly text: string;
  readonly conversationKind: number;
  readonly title: string;
  readonly peer?: PersonRecord;
  readonly intervals: readonly Interval[];
  readonly messageSeq: number;
  readonly caret: number;
  readonly replyTo: number;
}

/** The number that the daemon evaluated, and the head it holds for. */
export interface HeadRecord {
  readonly conversation: Id;
  readonly head: number;
  readonly marker: number;
  readonly rev: number;
  readonly unread: number;
  readonly mentions: number;
  readonly title: string;
}

/** Slots that the daemon left out. Paid when all of them are held or skipped. */
export interface Debt {
  readonly first: number;
  readonly last: number;
  /** Hex; empty: what changed meanwhile is known. */
  readonly changedSince: string;
}

/** What follows from all the rest, written in the transaction that writes the rest: a list is read without events. */
export interface Summary {
  readonly head: number;
  readonly marker: number;
  readonly rev: number;
  readonly unread: number;
  readonly mentions: number;
  readonly owed: number;
  readonly activity: number;
  /** Newest message or system line held, with what became of it. */
  readonly last?: EventRecord;
}

/** What is held of one conversation, beside registers and events. */
export interface ConversationRecord {
  readonly id: Id;
  /** RangeSet.stored(). */
  held: ArrayLike<number>;
  skipped: ArrayLike<number>;
  /** Held slots that are no line of their own: changes, and kinds newer than this client. */
  silent: ArrayLike<number>;
  /** Messages that were pinned once: those that still are, are found by looking at each. */
  pinned: readonly number[];
  /** Entries by which somebody came to the group. */
  comings: readonly number[];
  debts: readonly Debt[];
  base?: HeadRecord;
  /** Newest register number known when `base` came: breaks a tie between two heads. */
  baseRseq: number;
  title: string;
  titleSeq: number;
  summary: Summary;
}

/** How far this device follows the daemon. */
export interface SyncPoint {
  /** Number of the history; a reset raises it. Within one, data is added and taken away only by tombstones. */
  epoch: number;
  /** Empty: none. */
  cursor: Uint8Array;
  rseq: number;
  at: number;
  ticket: Uint8Array;
}

/** Everything between two frontiers. */
export interface Delta {
  registers: RegisterRecord[];
  events: EventRecord[];
  heads: HeadRecord[];
  gaps: { conversation: Id; debt: Debt }[];
  skipped: { conversation: Id; first: number; last: number }[];
}

export const emptyDelta = (): Delta => ({ registers: [], events: [], heads: [], gaps: [], skipped: [] });

// ---- what is mine and on its way out ------------------------------------------------------------------------------------

export type Change =
  | {
      readonly kind: 'send';
      readonly body: string;
      readonly replyTo: number;
      /** Revision of the draft that it was written on; 0: none. */
      readonly draftRev: number;
    }
  | { readonly kind: 'edit'; readonly seq: number; readonly body: string }
  | { readonly kind: 'delete'; readonly seq: number }
  | { readonly kind: 'react'; readonly seq: number; readonly emoji: string; readonly on: boolean }
  | { readonly kind: 'pin'; readonly seq: number; readonly on: boolean }
  | { readonly kind: 'forward'; readonly from: Id; readonly fromSeq: number; readonly body: string };

export interface OutboxRecord {
  /** Order of sending; given by the store. */
  number: number;
  readonly clientId: Id;
  readonly conversation: Id;
  readonly change: Change;
  readonly at: number;
  state: 'queued' | 'committed' | 'rejected';
  /** Committed. */
  seq: number;
  committedAt: number;
  /** Rejected: number of the ErrorCode, and its English sentence. */
  code: number;
  detail: string;
}

/** A setting of mine that the daemon has not confirmed: the last one stands. Key: `key`. */
export interface Intent {
  readonly key: string;
  readonly kind: 'read' | 'mute' | 'pin' | 'star' | 'hide';
  readonly conversation: Id;
  /** read: through; star, hide: the message. */
  readonly seq: number;
  /** read: of the marker it was made on. */
  readonly rev: number;
  readonly on: boolean;
  /** Grows with every replacement, so that an answer confirms what it answers. */
  readonly version: number;
  acked: boolean;
}

/** What is being typed, before the daemon has it. Key: (conversation, tab). */
export interface LocalDraft {
  readonly conversation: Id;
  readonly tab: string;
  readonly text: string;
  readonly caret: number;
  readonly replyTo: number;
  /** Revision that it was written on, and the text of it. */
  readonly baseRev: number;
  readonly baseText: string;
  readonly at: number;
  /** The text lost once: it is beside the present draft, not on it. */
  readonly beside: boolean;
}

/** The key of a register within its kind. */
export function keyOf(entry: Omit<RegisterRecord, 'key'>): string {
  switch (entry.kind) {
    case RegisterKind.tie:
    case RegisterKind.block:
      return entry.person?.id ?? '';
    case RegisterKind.device:
      return entry.deviceId ?? '';
    case RegisterKind.star:
    case RegisterKind.hide:
    case RegisterKind.keptDraft:
      return messageKey(entry.conversation, entry.messageSeq);
    case RegisterKind.noReceipts:
    case RegisterKind.profile:
      return '';
    default:
      return entry.conversation;
  }
}

export const messageKey = (conversation: Id, seq: number): string =>
  `${conversation}${seq.toString(16).padStart(16, '0')}`;

/** True for events that change another one; kinds newer than this client are silent, too. */
export const isChange = (event: EventRecord): boolean => event.target !== undefined;
export const isSilent = (event: EventRecord): boolean => isChange(event) || event.kind > EventKind.titled || event.kind < 1;
