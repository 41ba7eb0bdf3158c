import type { Id, Message } from '../../app/client';
import { listOf, moment, number } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { Icon } from '../elements/Icon';
import { nameOfHandle, nameOrYou } from '../elements/names';
import { say, tell } from '../elements/say';
import { client } from '../shell/session';
import { oneLine } from '../text/preview';
import { shownControls } from '../text/tokens';
import type { Scroll } from './scroll';

export function ForwardedFrom(props: { message: Message }) {
  const from = props.message.forwardedFrom;
  if (!from || props.message.deleted) return null;
  return (
    <p class="msg-origin">
      <Icon name="forward" small />
      <bdi>{t().chat.forwardedFrom(nameOfHandle(from.handle), moment(from.atMs))}</bdi>
    </p>
  );
}

/** What a message answers. A tap leads there. */
export function Quote(props: { message: Message; scroll: Scroll }) {
  const reply = props.message.replyTo;
  if (!reply || props.message.deleted) return null;
  const words = t().chat;
  const author = reply.author === undefined ? undefined : nameOrYou(reply.author);
  return (
    <button type="button" class="quote" onClick={() => void jumpTo(props.scroll, reply.seq)}>
      <span class="quote-who">
        <bdi>{reply.deleted ? words.replyToDeleted : (author ?? words.replyToUnknown)}</bdi>
      </span>
      {!reply.deleted && reply.text !== undefined && (
        <span class="quote-text">
          <bdi>{oneLine(reply.text)}</bdi>
        </span>
      )}
    </button>
  );
}

/** Leads to a message, fetched if need be, and points it out. */
export async function jumpTo(scroll: Scroll, seq: number): Promise<void> {
  const index = await scroll.conversation.reveal(seq);
  if (index < 0) say(t().failures.not_held, { fault: true });
  else scroll.aim(index, { flash: true, remember: true });
}

export function Reactions(props: { message: Message; chat: Id }) {
  const { message } = props;
  return (
    <div class="reactions">
      {message.reactions.map(({ emoji, by, mine }) => {
        const names = listOf(by.slice(0, 12).map(nameOrYou));
        const label = t().chat.reactionBy(
          shownControls(emoji),
          by.length > 12 ? `${names} +${number(by.length - 12)}` : names,
        );
        return (
          <button
            type="button"
            key={emoji}
            class={mine ? 'reaction reaction-mine' : 'reaction'}
            aria-pressed={mine}
            title={label}
            onClick={() => void tell(client().react(props.chat, message.seq, emoji, !mine))}
          >
            <span>{shownControls(emoji)}</span>
            <span class="reaction-count">{number(by.length)}</span>
            <span class="unseen">{label}</span>
          </button>
        );
      })}
    </div>
  );
}
