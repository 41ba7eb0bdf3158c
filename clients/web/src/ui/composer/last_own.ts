import type { Conversation, Message } from '../../app/client';
import { canEdit } from '../conversation/pending';

// Further back nobody means "the last one".
const lookBackMax = 60;

/** My last message that can be edited, among those near the end. */
export function lastOwn(conversation: Conversation): Message | undefined {
  const { count } = conversation;
  for (let i = count - 1; i >= 0 && i >= count - lookBackMax; i--) {
    const item = conversation.at(i);
    if (item?.kind === 'message' && canEdit(item)) return item;
  }
  return undefined;
}
