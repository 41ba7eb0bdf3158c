// What one can do with a message.
import { useState } from 'preact/hooks';
import type { Conversation, Message } from '../../app/client';
import { t } from '../../i18n/language';
import { ask } from '../elements/ask';
import { openDialog } from '../elements/dialogs';
import { openMenu, type MenuItem } from '../elements/Menu';
import { say, tell, wordsFor } from '../elements/say';
import { copy } from '../elements/share';
import { client } from '../shell/session';
import { isReaction } from '../text/emoji';
import { openForward } from './Forward';
import { canEdit, startEdit, startReply } from './pending';
import { openDetails, openVersions } from './Versions';
import type { Scroll } from './scroll';

export const quickReactions = ['👍', '❤️', '😂', '😮', '🙏', '🎉'] as const;

export function openActions(by: Element, conversation: Conversation, message: Message, scroll: Scroll): void {
  if (message.seq === 0) return;
  const canWrite = !message.deleted && conversation.row.value?.cannotSend === undefined;
  openMenu(
    by,
    t().chat.actions,
    itemsFor(conversation, message, scroll, canWrite),
    canWrite ? (close) => <QuickReactions conversation={conversation} message={message} close={close} /> : undefined,
  );
}

export function reactTo(by: Element, conversation: Conversation, message: Message): void {
  openDialog({
    label: t().chat.react,
    by,
    render: (close) => (
      <div class="menu">
        <QuickReactions conversation={conversation} message={message} close={close} />
      </div>
    ),
  });
}

function itemsFor(conversation: Conversation, message: Message, scroll: Scroll, canWrite: boolean): MenuItem[] {
  const words = t().chat;
  const chat = conversation.id;
  const { seq } = message;
  const items: MenuItem[] = [];
  const add = (when: boolean, item: MenuItem) => {
    if (when) items.push(item);
  };
  const live = !message.deleted;
  add(canWrite, { icon: 'reply', label: words.reply, key: 'R', act: () => startReply(conversation, message) });
  add(canWrite && canEdit(message), {
    icon: 'edit',
    label: words.edit,
    key: 'E',
    act: () => startEdit(conversation, message),
  });
  add(live, { icon: 'copy', label: words.copyText, act: () => void copy(message.text) });
  add(live, { icon: 'forward', label: words.forward, act: () => openForward(conversation, message) });
  add(live, {
    icon: 'star',
    filled: message.starred,
    label: message.starred ? words.unstar : words.star,
    key: 'S',
    act: () => void tell(client().star(chat, seq, !message.starred)),
  });
  add(canWrite, {
    icon: 'pin',
    filled: message.pinned,
    label: message.pinned ? words.unpin : words.pin,
    act: () => void tell(client().pinMessage(chat, seq, !message.pinned)),
  });
  add(true, {
    icon: 'unread',
    label: words.markUnread,
    key: 'U',
    act: () => void markUnread(conversation, message, scroll),
  });
  add(message.edits > 0 && live, {
    icon: 'clock',
    label: words.versions,
    act: () => openVersions(conversation, message),
  });
  add(message.mine && conversation.row.value?.kind !== 'self', {
    icon: 'read',
    label: words.details,
    act: () => openDetails(conversation, message),
  });
  add(true, { icon: 'trash', label: words.hide, act: () => void hide(conversation, message) });
  add(live && message.mine, {
    icon: 'trash',
    danger: true,
    label: words.deleteForAll,
    act: () => void deleteForAll(conversation, message),
  });
  return items;
}

export async function markUnread(conversation: Conversation, message: Message, scroll: Scroll): Promise<void> {
  scroll.pauseReading();
  const outcome = await client().markUnreadFrom(conversation.id, message.seq);
  if (!outcome.ok) {
    say(wordsFor(outcome.failure), { fault: true });
    return;
  }
  const undo = outcome.value;
  const before = scroll.line.peek();
  scroll.line.value = message.seq;
  say(t().chat.markedUnread, {
    action: {
      label: t().undo,
      act: () => {
        undo();
        scroll.line.value = before;
      },
    },
  });
}

async function hide(conversation: Conversation, message: Message): Promise<void> {
  const outcome = await tell(client().hide(conversation.id, message.seq, true));
  if (!outcome.ok) return;
  say(t().chat.hidden, {
    action: { label: t().undo, act: () => void tell(client().hide(conversation.id, message.seq, false)) },
  });
}

async function deleteForAll(conversation: Conversation, message: Message): Promise<void> {
  const words = t().chat;
  if (await ask({ title: words.deleteAsk, text: words.deleteExplain, yes: words.deleteYes, danger: true })) {
    await tell(client().deleteForAll(conversation.id, message.seq));
  }
}

function QuickReactions(props: { conversation: Conversation; message: Message; close: () => void }) {
  const { message } = props;
  const [other, setOther] = useState('');
  const put = (emoji: string) => {
    props.close();
    const mine = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
    void tell(client().react(props.conversation.id, message.seq, emoji, !mine));
  };
  const words = t().chat;
  return (
    <div class="quick">
      {quickReactions.map((emoji, index) => {
        const mine = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
        return (
          <button
            type="button"
            class="quick-emoji"
            aria-pressed={mine}
            autofocus={index === 0}
            aria-label={mine ? words.unreact(emoji) : words.reactWith(emoji)}
            onClick={() => put(emoji)}
          >
            {emoji}
          </button>
        );
      })}
      <input
        class="quick-other"
        value={other}
        placeholder="+"
        aria-label={words.otherEmoji}
        title={words.otherEmojiHint}
        autocomplete="off"
        onInput={(event) => {
          const typed = event.currentTarget.value.trim();
          if (isReaction(typed)) put(typed);
          else setOther(typed.slice(-8)); // what cannot become an emoji makes room for the next try
        }}
      />
    </div>
  );
}
