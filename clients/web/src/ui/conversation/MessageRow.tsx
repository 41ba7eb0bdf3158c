import { useEffect, useState } from 'preact/hooks';
import { hueOf, type Conversation, type Message } from '../../app/client';
import { clock, moment } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { Icon } from '../elements/Icon';
import { IconButton } from '../elements/IconButton';
import { meet, nameOf } from '../elements/names';
import { Seal } from '../elements/Seal';
import { wordsFor } from '../elements/say';
import { sentIcon } from '../elements/sent';
import { client } from '../shell/session';
import { RichText } from '../text/RichText';
import { shownControls } from '../text/tokens';
import { openActions, reactTo } from './actions';
import { Beginning, Day, UnreadLine } from './OtherRows';
import { ForwardedFrom, Quote, Reactions } from './MessageParts';
import { startReply } from './pending';
import { openVersions } from './Versions';
import type { Scroll } from './scroll';

export interface MessageRowProps {
  message: Message;
  conversation: Conversation;
  scroll: Scroll;
  day: number;
  heads: boolean;
  line: boolean;
  first: boolean;
  /** The last of the conversation: the word for how far it has come stands beside its mark. */
  newest: boolean;
  /** Its time is shown; within a minute the last of a run shows it for all. */
  timed: boolean;
}

export function MessageRow(props: MessageRowProps) {
  const { message, conversation, scroll } = props;
  const group = conversation.row.value?.kind === 'group';
  const flash = scroll.flash.value === message.key;
  useEffect(() => meet(message.author), [message.author]);
  const named = group && !message.mine && props.heads;
  return (
    <div
      class={flash ? 'row row-flash' : 'row'}
      role="article"
      tabIndex={-1}
      data-seq={message.seq}
      data-key={message.key}
      aria-label={nameOf(message.author)}
    >
      {props.first && <Beginning conversation={conversation} />}
      {props.day > 0 && <Day at={props.day} />}
      {props.line && <UnreadLine />}
      <div
        class={`msg ${message.mine ? 'msg-mine' : 'msg-theirs'} ${props.heads ? 'msg-heads' : ''} ${group ? 'msg-group' : ''}`}
        style={{ '--hue': hueOf(message.author) }}
      >
        {group && !message.mine && props.heads && <Seal person={message.author} size="s" chat={conversation.id} />}
        {group && !message.mine && !props.heads && <span class="seal-gap" />}
        <div class="msg-body">
          {named && (
            <div class="msg-who">
              <bdi>{nameOf(message.author)}</bdi>
            </div>
          )}
          <div class="msg-line">
            <div class="msg-slip">
              <ForwardedFrom message={message} />
              <Quote message={message} scroll={scroll} />
              <Words message={message} />
            </div>
            <Meta message={message} conversation={conversation} newest={props.newest} timed={props.timed} />
            <Tools message={message} conversation={conversation} scroll={scroll} />
          </div>
          {message.reactions.length > 0 && <Reactions message={message} chat={conversation.id} />}
          <Refusals message={message} />
        </div>
      </div>
    </div>
  );
}

// Longer texts are folded: nobody scrolls past a wall by accident.
const foldUnits = 1400;
const foldLines = 24;

function Words(props: { message: Message }) {
  const { message } = props;
  const [unfolded, unfold] = useState(false);
  if (message.deleted) return <p class="said said-deleted">{t().chat.deleted}</p>;
  const long = !unfolded && (message.text.length > foldUnits || countLines(message.text) > foldLines);
  const mentions = { handles: new Set(message.mentions), all: message.mentionsAll };
  const me = client().me.value?.handle;
  const text = long ? folded(message.text) : message.text;
  return (
    <>
      <RichText text={text} mentions={mentions} {...(me ? { me } : {})} />
      {long && (
        <button type="button" class="link-button" onClick={() => unfold(true)}>
          {t().chat.showAll}
        </button>
      )}
    </>
  );
}

function folded(text: string): string {
  const lines = text.split('\n').slice(0, foldLines).join('\n').slice(0, foldUnits);
  return `${/[\ud800-\udbff]$/.test(lines) ? lines.slice(0, -1) : lines}…`;
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines <= foldLines; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function Flags(props: { message: Message }) {
  const { pinned, starred } = props.message;
  if (!pinned && !starred) return null;
  return (
    <>
      {pinned && (
        <span title={t().chat.pinned}>
          <Icon name="pin" small />
          <span class="unseen">{t().chat.pinned}. </span>
        </span>
      )}
      {starred && (
        <span title={t().chat.starred}>
          <Icon name="star" small filled />
          <span class="unseen">{t().chat.starred}. </span>
        </span>
      )}
    </>
  );
}

function Meta(props: { message: Message; conversation: Conversation; newest: boolean; timed: boolean }) {
  const { message } = props;
  const sent = message.sent ? sentIcon(message.sent) : undefined;
  return (
    <div class="msg-meta">
      <span class="msg-flags">
        <Flags message={message} />
        {message.edits > 0 && !message.deleted && (
          <button
            type="button"
            class="msg-edited"
            title={t().chat.editedAt(moment(message.editedAtMs))}
            onClick={() => openVersions(props.conversation, message)}
          >
            {t().chat.edited}
          </button>
        )}
      </span>
      {sent && message.sent !== 'rejected' && (
        <span class={`msg-sent msg-sent-${message.sent} ${props.newest ? 'msg-sent-shown' : ''}`} title={sent.label}>
          <Icon name={sent.icon} small />
          <span class="msg-sent-word">{sent.label}</span>
        </span>
      )}
      <time
        class={props.timed ? '' : 'msg-time-quiet'}
        dateTime={new Date(message.atMs).toISOString()}
        title={`${moment(message.atMs)}, ${t().chat.fromDevice(shownControls(message.deviceName))}`}
      >
        {clock(message.atMs)}
      </time>
    </div>
  );
}

/** What was refused stays until it is sent again or thrown away. */
function Refusals(props: { message: Message }) {
  const { message } = props;
  const words = t().chat;
  const refused = message.changeRefused;
  if (message.sent === 'rejected') {
    return (
      <p class="refusal" role="alert">
        <Icon name="warning" small />
        <span>
          {words.rejected} {message.failure && wordsFor(message.failure)}
        </span>
        <button type="button" class="link-button" onClick={() => void client().retry(message.clientId)}>
          {words.retry}
        </button>
        <button type="button" class="link-button" onClick={() => void client().discard(message.clientId)}>
          {words.discard}
        </button>
      </p>
    );
  }
  if (!refused) return null;
  return (
    <p class="refusal" role="alert">
      <Icon name="warning" small />
      <span>
        {words.changeRefused} {wordsFor(refused.failure)}
      </span>
      <button type="button" class="link-button" onClick={() => void client().discard(refused.clientId)}>
        {words.discard}
      </button>
    </p>
  );
}

function Tools(props: { message: Message; conversation: Conversation; scroll: Scroll }) {
  const { message, conversation } = props;
  if (message.seq === 0) return null;
  const canWrite = !message.deleted && conversation.row.value?.cannotSend === undefined;
  return (
    <div class="msg-tools">
      {canWrite && (
        <>
          <IconButton aside icon="reply" label={t().chat.reply} onClick={() => startReply(conversation, message)} />
          <IconButton
            icon="react"
            aside
            label={t().chat.react}
            menu
            onClick={(event) => reactTo(event.currentTarget, conversation, message)}
          />
        </>
      )}
      <IconButton
        icon="more"
        aside
        label={t().chat.actions}
        menu
        onClick={(event) => openActions(event.currentTarget, conversation, message, props.scroll)}
      />
    </div>
  );
}
