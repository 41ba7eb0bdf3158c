// What the composer of a conversation is about: a new message, or another text for one that was sent. A reply belongs to
// the draft (it travels with it to other devices); an edit is of this screen only.
import { signal } from '@preact/signals';
import type { Conversation, Id, Message } from '../../app/client';

export interface Editing {
  readonly chat: Id;
  readonly message: Message;
}

export const editing = signal<Editing | undefined>(undefined);

export function startReply(conversation: Conversation, message: Message): void {
  if (editing.value) editing.value = undefined;
  conversation.draft.reply(message.seq);
  focusComposer();
}

export function startEdit(conversation: Conversation, message: Message): void {
  editing.value = { chat: conversation.id, message };
  focusComposer();
}

export function stopEdit(): void {
  editing.value = undefined;
}

export function focusComposer(): void {
  // After the drawing that follows: the field may be another one then.
  requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus());
}

/** What may be edited: my own words, committed, not another's that I passed on. */
export function canEdit(message: Message): boolean {
  return message.mine && message.seq > 0 && !message.deleted && !message.forwardedFrom;
}
