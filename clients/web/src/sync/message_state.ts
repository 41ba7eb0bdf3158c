// What became of a message: the one rule, the same as server/core/derived/message_state.h
// (tests/vectors/message_state.json).
import { EventKind, type EventRecord, type StateRecord } from './records';

export interface MessageChange {
  readonly seq: number;
  readonly kind: number;
  readonly author: string;
  readonly at: number;
  /** edited: the text. reacted: the emoji. */
  readonly body: string;
  readonly mentions: readonly string[];
  readonly mentionsAll: boolean;
  readonly on: boolean;
}

export const freshState = (mentions: readonly string[] = [], mentionsAll = false): StateRecord => ({
  asOf: 0,
  edits: [],
  body: '',
  mentions: [...mentions],
  mentionsAll,
  deleted: 0,
  reactions: [],
  pinned: 0,
});

/** Changes come ascending by seq; those up to `asOf` are passed over, so that an answer read from the store and live
 *  events may overlap. What is deleted stays deleted. */
export function applyChange(state: StateRecord, change: MessageChange): void {
  if (change.seq <= state.asOf) return;
  state.asOf = change.seq;
  if (state.deleted) return;
  switch (change.kind) {
    case EventKind.edited:
      state.edits.push({ seq: change.seq, at: change.at });
      state.body = change.body;
      state.mentions = [...change.mentions];
      state.mentionsAll = change.mentionsAll;
      return;
    case EventKind.deleted:
      Object.assign(state, freshState(), { asOf: change.seq, deleted: change.seq });
      return;
    case EventKind.reacted:
      react(state, change);
      return;
    case EventKind.pinned:
      state.pinned = change.on ? change.seq : 0;
      return;
  }
}

function react(state: StateRecord, change: MessageChange): void {
  const found = state.reactions.find((each) => each.emoji === change.body);
  if (change.on) {
    if (!found) state.reactions.push({ emoji: change.body, people: [change.author] });
    else if (!found.people.includes(change.author)) found.people.push(change.author);
  } else if (found) {
    found.people = found.people.filter((each) => each !== change.author);
    if (found.people.length === 0) state.reactions.splice(state.reactions.indexOf(found), 1);
  }
}

/** What the server said of it with the message. */
function stateIn(message: EventRecord): StateRecord {
  const state = freshState((message.people ?? []).map((each) => each.handle), message.mentionsAll ?? false);
  const said = message.state;
  if (!said) return state;
  state.asOf = said.asOf;
  state.edits = said.edits.map((each) => ({ ...each }));
  if (state.edits.length > 0) {
    state.body = said.body;
    state.mentions = [...said.mentions];
    state.mentionsAll = said.mentionsAll;
  }
  state.deleted = said.deleted;
  state.reactions = said.reactions.map((each) => ({ emoji: each.emoji, people: [...each.people] }));
  state.pinned = said.pinned;
  return state;
}

export const changeOf = (event: EventRecord): MessageChange => ({
  seq: event.seq,
  kind: event.kind,
  author: event.author,
  at: event.at,
  body: event.body,
  mentions: (event.people ?? []).map((each) => each.handle),
  mentionsAll: event.mentionsAll ?? false,
  on: event.on ?? false,
});

/** `changes`: events held, ascending by seq; those of other messages are passed over. */
export function stateOf(message: EventRecord, changes: readonly EventRecord[]): StateRecord {
  const state = stateIn(message);
  for (const each of changes) if (each.target === message.seq) applyChange(state, changeOf(each));
  return state;
}

export const isDeleted = (message: EventRecord, state: StateRecord): boolean =>
  state.deleted !== 0 || (message.destroyed ?? false);

export const textOf = (message: EventRecord, state: StateRecord): string =>
  isDeleted(message, state) ? '' : state.edits.length > 0 ? state.body : message.body;

export const mentionsHandle = (state: StateRecord, handle: string): boolean =>
  state.mentionsAll || state.mentions.includes(handle);

/** Without its content, as after a deletion. */
export function destroyed(event: EventRecord): EventRecord {
  const { people: _people, mentionsAll: _all, forwardedFrom: _from, forwardedAt: _at, ...rest } = event;
  const bare: EventRecord = { ...rest, body: '', destroyed: true };
  return event.state ? { ...bare, state: { ...event.state, body: '', mentions: [], mentionsAll: false } } : bare;
}
