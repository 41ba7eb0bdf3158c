// Frames of the daemon as the plain records of sync/.
import type { Person } from './gen/enishi/v1/member_pb';
import type { Event, MessageState, Register } from './gen/enishi/v1/conversation_pb';
import type { Head } from './gen/enishi/v1/unread_pb';
import { keyOf, type EventRecord, type HeadRecord, type PersonRecord, type RegisterRecord, type StateRecord } from '../sync/records';
import { textOf, toHex } from './bytes';

export const personOf = (person: Person): PersonRecord => ({
  id: toHex(person.id),
  handle: person.handle,
  name: textOf(person.name),
  hue: person.hue,
  pictureId: toHex(person.pictureId),
});

const stateOf = (state: MessageState): StateRecord => ({
  asOf: Number(state.asOfSeq),
  edits: state.edits.map((edit) => ({ seq: Number(edit.seq), at: Number(edit.atMs) })),
  body: textOf(state.body),
  mentions: state.people.map((person) => person.handle),
  mentionsAll: state.mentionsAll,
  deleted: Number(state.deletedSeq),
  reactions: state.reactions.map((each) => ({ emoji: textOf(each.emoji), people: [...each.handles] })),
  pinned: Number(state.pinnedSeq),
});

/** What is empty is left out: a log is long, and an index must not hold what is no change. */
export function eventOf(event: Event): EventRecord {
  const target = Number(event.targetSeq);
  return {
    conversation: toHex(event.conversationId),
    seq: Number(event.seq),
    kind: event.kind,
    authorId: toHex(event.authorId),
    author: event.author,
    device: textOf(event.deviceName),
    clientId: toHex(event.clientId),
    at: Number(event.atMs),
    body: textOf(event.body),
    ...(event.replyTo ? { replyTo: Number(event.replyTo) } : {}),
    ...(event.people.length > 0 ? { people: event.people.map(personOf) } : {}),
    ...(event.mentionsAll ? { mentionsAll: true } : {}),
    ...(target ? { target, targetAuthorId: toHex(event.targetAuthorId) } : {}),
    ...(event.counted ? { counted: true } : {}),
    ...(event.on ? { on: true } : {}),
    ...(event.formerMentions.length > 0 ? { formerMentions: [...event.formerMentions] } : {}),
    ...(event.formerMentionsAll ? { formerMentionsAll: true } : {}),
    ...(event.destroyed ? { destroyed: true } : {}),
    ...(event.forwardedFrom ? { forwardedFrom: event.forwardedFrom, forwardedAt: Number(event.forwardedAtMs) } : {}),
    ...(event.state ? { state: stateOf(event.state) } : {}),
  };
}

export function registerOf(entry: Register): RegisterRecord {
  const record = {
    kind: entry.kind as number,
    rseq: Number(entry.rseq),
    removed: entry.removed,
    conversation: toHex(entry.conversationId),
    ...(entry.person ? { person: personOf(entry.person) } : {}),
    ...(entry.deviceId.length > 0 ? { deviceId: toHex(entry.deviceId) } : {}),
    rev: Number(entry.rev),
    seq: Number(entry.seq),
    device: textOf(entry.deviceName),
    tie: entry.tie as number,
    since: Number(entry.sinceMs),
    text: textOf(entry.text),
    conversationKind: entry.conversationKind as number,
    title: textOf(entry.title),
    ...(entry.peer ? { peer: personOf(entry.peer) } : {}),
    intervals: entry.intervals.map((each) => ({ joined: Number(each.joinedSeq), left: Number(each.leftSeq) })),
    messageSeq: Number(entry.messageSeq),
    caret: entry.caret,
    replyTo: Number(entry.replyTo),
  };
  return { ...record, key: keyOf(record) };
}

export const headOf = (head: Head): HeadRecord => ({
  conversation: toHex(head.conversationId),
  head: Number(head.head),
  marker: Number(head.marker),
  rev: Number(head.rev),
  unread: Number(head.unread),
  mentions: Number(head.mentions),
  title: textOf(head.title),
});
