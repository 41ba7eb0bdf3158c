// What belongs to a draft besides its text: the message it answers, another device's draft, texts that were kept.
import { useEffect, useState } from 'preact/hooks';
import type { Conversation, Message } from '../../app/client';
import { moment, relative } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { openDialog } from '../elements/dialogs';
import { Icon } from '../elements/Icon';
import { IconButton } from '../elements/IconButton';
import { nameOrYou } from '../elements/names';
import { tell } from '../elements/say';
import { now } from '../shell/screen';
import { client } from '../shell/session';
import { oneLine } from '../text/preview';
import { shownControls } from '../text/tokens';

export function DraftLines(props: { conversation: Conversation }) {
  const { draft } = props.conversation;
  const { other, kept, saved, text } = draft.view.value;
  const live = client().link.value.state.kind === 'live';
  const words = t().composer;
  return (
    <>
      {other && (
        <div class="composer-bar composer-other" role="status">
          <span class="bar-text">
            <span class="bar-who">{words.other(shownControls(other.deviceName))}</span>
            <span class="bar-words">
              <bdi>{oneLine(other.text)}</bdi>
            </span>
          </span>
          <button type="button" class="link-button" onClick={() => draft.takeOther()}>
            {words.takeOther}
          </button>
        </div>
      )}
      {(kept.length > 0 || (!saved && !live && text !== '')) && (
        <div class="composer-notes">
          {!saved && !live && text !== '' && <span class="hint">{words.localOnly}</span>}
          {kept.length > 0 && (
            <button type="button" class="link-button" onClick={() => openKept(props.conversation)}>
              <Icon name="kept" small />
              {words.kept(kept.length)}
            </button>
          )}
        </div>
      )}
    </>
  );
}

export function ReplyBar(props: { conversation: Conversation }) {
  const { conversation } = props;
  const seq = conversation.draft.view.value.replyTo;
  const [message, setMessage] = useState<Message>();
  useEffect(() => {
    let wanted = true;
    setMessage(undefined);
    if (seq > 0)
      void conversation.message(seq).then((found) => {
        if (wanted) setMessage(found);
      });
    return () => {
      wanted = false;
    };
  }, [seq, conversation]);
  if (seq === 0) return null;
  return (
    <div class="composer-bar">
      <Icon name="reply" small />
      <span class="bar-text">
        <span class="bar-who">
          <bdi>{message ? t().composer.replying(nameOrYou(message.author.handle)) : t().chat.replyToUnknown}</bdi>
        </span>
        <span class="bar-words">
          <bdi>{message ? oneLine(message.text) : ''}</bdi>
        </span>
      </span>
      <IconButton icon="close" label={t().composer.stopReply} onClick={() => conversation.draft.reply(0)} />
    </div>
  );
}

export function openKept(conversation: Conversation): void {
  openDialog({ label: t().composer.keptTitle, render: (close) => <Kept conversation={conversation} close={close} /> });
}

function Kept(props: { conversation: Conversation; close: () => void }) {
  const { draft } = props.conversation;
  const { kept } = draft.view.value;
  const words = t().composer;
  return (
    <div class="kept">
      <h2>{words.keptTitle}</h2>
      <p class="hint">{words.keptExplain}</p>
      <ul>
        {kept.map((one) => (
          <li key={one.key}>
            <p class="hint" title={moment(one.atMs)}>
              {words.keptFrom(shownControls(one.deviceName), relative(one.atMs, now.value))}
            </p>
            <pre class="kept-text" tabIndex={0} dir="auto">
              {shownControls(one.text)}
            </pre>
            <div class="row-end">
              <button type="button" class="link-button" onClick={() => void tell(draft.drop(one.key))}>
                {words.keptDrop}
              </button>
              <button
                type="button"
                class="button"
                onClick={() => {
                  props.close();
                  draft.restore(one.key);
                }}
              >
                {words.keptRestore}
              </button>
            </div>
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
