// One entry of a log as it is shown: the message with what became of it, and what I am about to make of it.
import { isDeleted, mentionsHandle, stateOf, textOf } from '../../sync/message_state';
import { mentionsIn } from '../../sync/mentions';
import { EventKind, type EventRecord, type Id, type OutboxRecord, type StateRecord } from '../../sync/records';
import { failureOf } from '../session/asker';
import type { ChatKind, Item, Message, Reaction, ReplyTo } from '../views';
import type { Directory } from './directory';
import { receiptMark, sentOf, type Reach } from './marks';
import { systemKinds } from './chats';

/** What is needed to show the entries of one conversation. */
export interface Showing {
  readonly directory: Directory;
  readonly kind: ChatKind;
  readonly starred: ReadonlySet<number>;
  readonly receipts: readonly Reach[];
  /** Of this conversation. */
  readonly outbox: readonly OutboxRecord[];
  readonly flying: ReadonlySet<Id>;
  /** Changes held, ascending by seq, by the message that they change. */
  readonly changes: ReadonlyMap<number, readonly EventRecord[]>;
  /** Messages that are answered, if they are held. */
  readonly answered: ReadonlyMap<number, EventRecord>;
  readonly keyOf: (seq: number) => string;
}

export function itemOf(event: EventRecord, by: Showing): Item {
  const key = by.keyOf(event.seq);
  const author = by.directory.person(event.authorId, event.author);
  if (event.kind !== EventKind.message) {
    return {
      kind: 'system',
      key,
      seq: event.seq,
      what: systemKinds[event.kind] ?? 'unknown',
      author,
      atMs: event.at,
      people: (event.people ?? []).map((each) => by.directory.person(each.id, each.handle)),
      title: event.body,
    };
  }
  if (by.directory.isBlocked(event.authorId)) return { kind: 'muffled', key, seq: event.seq, author };
  return messageOf(event, by);
}

export function messageOf(event: EventRecord, by: Showing): Message {
  const me = by.directory.me.peek();
  const state = stateOf(event, by.changes.get(event.seq) ?? []);
  const mine = event.authorId === me?.id;
  const overlay = overlaid(event, state, by, me?.handle ?? '');
  const deleted = isDeleted(event, state);
  const replyTo = event.replyTo && !deleted ? replyOf(event.replyTo, by) : undefined;
  const handle = me?.handle ?? '';
  return {
    kind: 'message',
    key: by.keyOf(event.seq),
    seq: event.seq,
    author: by.directory.person(event.authorId, event.author),
    mine,
    deviceName: event.device,
    atMs: event.at,
    text: textOf(event, state),
    deleted,
    editedAtMs: state.edits.at(-1)?.at ?? 0,
    edits: state.edits.length,
    ...(replyTo ? { replyTo } : {}),
    ...(event.forwardedFrom && !deleted
      ? { forwardedFrom: { handle: event.forwardedFrom, atMs: event.forwardedAt ?? 0 } }
      : {}),
    mentionsMe: !deleted && !mine && mentionsHandle(state, handle),
    mentions: deleted ? [] : state.mentions,
    mentionsAll: !deleted && state.mentionsAll,
    reactions: state.reactions.map(
      (each): Reaction => ({ emoji: each.emoji, by: each.people, mine: each.people.includes(handle) }),
    ),
    pinned: state.pinned !== 0,
    starred: by.starred.has(event.seq),
    ...(mine ? { sent: receiptMark(event.seq, by.kind, by.receipts, me?.receipts ?? false) } : {}),
    clientId: event.clientId,
    ...overlay,
  };
}

/** Changes of mine that the log does not have yet show at once; refused ones are told. Changes `state`. */
function overlaid(
  event: EventRecord,
  state: StateRecord,
  by: Showing,
  me: string,
): Pick<Message, 'changing' | 'changeRefused'> {
  let changing = false;
  let refused: Message['changeRefused'];
  for (const entry of by.outbox) {
    const { change } = entry;
    if (!('seq' in change) || change.seq !== event.seq) continue;
    if (entry.state === 'rejected') {
      refused = { clientId: entry.clientId, failure: failureOf(entry.code, entry.detail) };
      continue;
    }
    changing = true;
    if (change.kind === 'edit') {
      state.edits.push({ seq: 0, at: entry.at });
      state.body = change.body;
      const mentions = mentionsIn(change.body);
      state.mentions = [...mentions.handles];
      state.mentionsAll = mentions.all;
    } else if (change.kind === 'delete') {
      state.deleted ||= event.seq;
      state.reactions = [];
      state.pinned = 0;
    } else if (change.kind === 'pin') {
      state.pinned = change.on ? state.pinned || event.seq : 0;
    } else {
      reactHere(state, change.emoji, change.on, me);
    }
  }
  return { changing, ...(refused ? { changeRefused: refused } : {}) };
}

function reactHere(state: StateRecord, emoji: string, on: boolean, me: string): void {
  const others = state.reactions.map((each) =>
    each.emoji === emoji ? { emoji, people: each.people.filter((handle) => handle !== me) } : each,
  );
  const found = others.find((each) => each.emoji === emoji);
  if (on && found) found.people.push(me);
  if (on && !found) others.push({ emoji, people: [me] });
  state.reactions = others.filter((each) => each.people.length > 0);
}

function replyOf(seq: number, by: Showing): ReplyTo {
  const event = by.answered.get(seq);
  if (!event || event.kind !== EventKind.message) return { seq };
  const state = stateOf(event, by.changes.get(seq) ?? []);
  if (by.directory.isBlocked(event.authorId)) return { seq, author: event.author };
  return { seq, author: event.author, text: textOf(event, state), deleted: isDeleted(event, state) };
}

/** One that waits, or was refused. */
export function outgoingOf(entry: OutboxRecord, by: Showing): Message {
  const me = by.directory.me.peek();
  const { change } = entry;
  const text = change.kind === 'send' || change.kind === 'forward' ? change.body : '';
  const replyTo = change.kind === 'send' && change.replyTo > 0 ? replyOf(change.replyTo, by) : undefined;
  const mentions = mentionsIn(text);
  return {
    kind: 'message',
    key: entry.clientId,
    seq: 0,
    author: me ?? { id: '', handle: '', name: '', hue: 0, pictureId: '' },
    mine: true,
    deviceName: me?.deviceName ?? '',
    atMs: entry.committedAt || entry.at,
    text,
    deleted: false,
    editedAtMs: 0,
    edits: 0,
    ...(replyTo ? { replyTo } : {}),
    mentionsMe: false,
    mentions: mentions.handles,
    mentionsAll: mentions.all,
    reactions: [],
    pinned: false,
    starred: false,
    sent: sentOf(entry, by.flying.has(entry.clientId)),
    ...(entry.state === 'rejected' ? { failure: failureOf(entry.code, entry.detail) } : {}),
    clientId: entry.clientId,
    changing: false,
  };
}
