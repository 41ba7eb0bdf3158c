// What the composer of a conversation is about: a new message, or another text for one that was sent. A reply belongs to
// the draft (it travels with it to other devices); an edit is of this screen only.
import { signal } from '@preact/signals';
import type { Conversation, Id, Message } from '../../app/client';
import { t } from '../../i18n/language';
import { say } from '../elements/say';

export interface Editing {
  readonly message: Message;
  /** As it stands in the field: it waits there while the person looks at another conversation. */
  text: string;
}

const edits = signal<ReadonlyMap<Id, Editing>>(new Map());

export function editingIn(chat: Id): Editing | undefined {
  return edits.value.get(chat);
}

export function startReply(conversation: Conversation, message: Message): void {
  stopEdit(conversation.id);
  conversation.draft.reply(message.seq);
  focusComposer();
}

/** `text`: an edit that was begun before goes on. */
export function startEdit(conversation: Conversation, message: Message, text = message.text): void {
  edits.value = new Map(edits.peek()).set(conversation.id, { message, text });
  focusComposer();
}

export function stopEdit(chat: Id): void {
  if (!edits.peek().has(chat)) return;
  const rest = new Map(edits.peek());
  rest.delete(chat);
  edits.value = rest;
}

/** Stops, with a way back when something had been typed. */
export function dropEdit(conversation: Conversation): void {
  const editing = edits.peek().get(conversation.id);
  stopEdit(conversation.id);
  focusComposer();
  if (!editing || editing.text === editing.message.text) return;
  const { message, text } = editing;
  say(t().composer.editDropped, { action: { label: t().undo, act: () => startEdit(conversation, message, text) } });
}

export function focusComposer(): void {
  // After the drawing that follows: the field may be another one then.
  requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus());
}

/** What may be edited: my own words, committed, not another's that I passed on. */
export function canEdit(message: Message): boolean {
  return message.mine && message.seq > 0 && !message.deleted && !message.forwardedFrom;
}
