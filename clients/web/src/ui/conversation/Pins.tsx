import { useEffect, useState } from 'preact/hooks';
import type { Conversation, Message } from '../../app/client';
import { number } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { openDialog } from '../elements/dialogs';
import { Icon } from '../elements/Icon';
import { nameOrYou } from '../elements/names';
import { oneLine } from '../text/preview';
import { jumpTo } from './MessageParts';
import type { Scroll } from './scroll';

/** The newest pin in one line; a tap leads there, or to the list when there are more. */
export function Pins(props: { conversation: Conversation; scroll: Scroll }) {
  const { conversation, scroll } = props;
  const seqs = conversation.pins.value;
  const newest = useMessages(conversation, seqs.slice(0, 1))[0];
  if (seqs.length === 0 || !newest) return null;
  return (
    <div class="pins">
      <button type="button" class="pins-newest" onClick={() => void jumpTo(scroll, newest.seq)}>
        <Icon name="pin" small />
        <span class="unseen">{t().chat.pinned}: </span>
        <span class="bar-words">
          <bdi>{oneLine(newest.text)}</bdi>
        </span>
      </button>
      {seqs.length > 1 && (
        <button
          type="button"
          class="link-button"
          aria-label={t().chat.pinnedMessages}
          onClick={() => openPins(conversation, scroll)}
        >
          {number(seqs.length)}
        </button>
      )}
    </div>
  );
}

function useMessages(conversation: Conversation, seqs: readonly number[]): readonly Message[] {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const revision = conversation.revision.value;
  useEffect(() => {
    let wanted = true;
    void Promise.all(seqs.map((seq) => conversation.message(seq))).then((found) => {
      if (wanted) setMessages(found.filter((message) => message !== undefined));
    });
    return () => {
      wanted = false;
    };
  }, [conversation, seqs.join(), revision]);
  return messages;
}

function openPins(conversation: Conversation, scroll: Scroll): void {
  openDialog({
    label: t().chat.pinnedMessages,
    render: (close) => <PinList conversation={conversation} scroll={scroll} close={close} />,
  });
}

function PinList(props: { conversation: Conversation; scroll: Scroll; close: () => void }) {
  const messages = useMessages(props.conversation, props.conversation.pins.value);
  return (
    <div class="picker">
      <h2>{t().chat.pinnedMessages}</h2>
      <ul>
        {messages.map((message) => (
          <li key={message.key}>
            <button
              type="button"
              class="picker-row picker-message"
              onClick={() => {
                props.close();
                void jumpTo(props.scroll, message.seq);
              }}
            >
              <span class="bar-who">
                <bdi>{nameOrYou(message.author.handle)}</bdi>
              </span>
              <span class="bar-words">
                <bdi>{oneLine(message.text)}</bdi>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div class="row-end">
        <button type="button" class="button" onClick={props.close}>
          {t().close}
        </button>
      </div>
    </div>
  );
}
