import { useComputed } from '@preact/signals';
import type { ChatRow } from '../../app/client';
import { moment, number, shortTime } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { Icon } from '../elements/Icon';
import { openMenu } from '../elements/Menu';
import { chatName, nameOfHandle } from '../elements/names';
import { ChatSeal } from '../elements/Seal';
import { tell } from '../elements/say';
import { sentIcon } from '../elements/sent';
import { go, hashOf, route } from '../shell/route';
import { now } from '../shell/screen';
import { client } from '../shell/session';
import { previewWords } from './preview';
import { oneLine } from '../text/preview';

export function ListRow(props: { row: ChatRow; open: boolean }) {
  const { row } = props;
  const typing = useComputed(() => client().typing.value.get(row.id));
  const online = useComputed(
    () => row.peer !== undefined && client().presence.value.get(row.peer.handle)?.state === 'active',
  );
  const to = { kind: 'chat', chat: row.id } as const;
  return (
    <li>
      <a
        class={row.unread > 0 && !row.muted ? 'list-row list-row-unread' : 'list-row'}
        href={hashOf(to)}
        aria-current={props.open ? 'page' : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab is wanted
          event.preventDefault();
          go(to, { replace: route.value.kind === 'chat' });
        }}
        onContextMenu={(event) => {
          event.preventDefault();
          openRowMenu(event.currentTarget, row);
        }}
      >
        <ChatSeal row={row} online={online.value} />
        <span class="list-name">
          <bdi>{chatName(row)}</bdi>
          {online.value && <span class="unseen">, {t().list.online}</span>}
          {row.muted && (
            <span class="list-flag" title={t().list.muted}>
              <Icon name="muted" small />
              <span class="unseen">, {t().list.muted}</span>
            </span>
          )}
          {row.pinned && (
            <span class="list-flag" title={t().list.pinned}>
              <Icon name="pin" small />
              <span class="unseen">, {t().list.pinned}</span>
            </span>
          )}
        </span>
        <time class="list-time" dateTime={new Date(row.activityMs).toISOString()} title={moment(row.activityMs)}>
          {row.activityMs > 0 ? shortTime(row.activityMs, now.value) : ''}
        </time>
        <SecondLine row={row} typing={typing.value} />
        <Marks row={row} />
      </a>
    </li>
  );
}

function SecondLine(props: { row: ChatRow; typing: readonly string[] | undefined }) {
  const { row, typing } = props;
  if (typing && typing.length > 0) {
    return (
      <span class="list-words list-typing">
        {row.kind === 'direct' ? t().list.typing : t().list.typingOne(nameOfHandle(typing[0]!))}
      </span>
    );
  }
  if (row.draft) {
    return (
      <span class="list-words">
        <span class="list-draft">{t().list.draft}</span> <bdi>{oneLine(row.draft)}</bdi>
      </span>
    );
  }
  const sent = row.preview?.mine && row.preview.sent ? sentIcon(row.preview.sent) : undefined;
  return (
    <span class="list-words">
      {sent && (
        <>
          <Icon name={sent.icon} small />
          <span class="unseen">{sent.label}. </span>
        </>
      )}
      <bdi>{row.preview ? previewWords(row, row.preview) : ''}</bdi>
    </span>
  );
}

/** The stamp with the number; a mention beside it; a dot where it is muted. */
function Marks(props: { row: ChatRow }) {
  const { unread, mentions, muted } = props.row;
  if (unread === 0) return null;
  return (
    <span class="list-marks">
      {mentions > 0 && (
        <span class="stamp stamp-mention">
          <span aria-hidden="true">@</span>
          <span class="unseen">{t().list.mentions(mentions)}</span>
        </span>
      )}
      {muted ? (
        <span class="muted-dot">
          <span class="unseen">{t().list.unread(unread)}</span>
        </span>
      ) : (
        <span class="stamp">
          <span aria-hidden="true">{unread > 999 ? '999+' : number(unread)}</span>
          <span class="unseen">{t().list.unread(unread)}</span>
        </span>
      )}
    </span>
  );
}

export function openRowMenu(by: Element, row: ChatRow): void {
  const words = t().list;
  openMenu(by, chatName(row), [
    {
      icon: 'pin',
      label: row.pinned ? words.unpin : words.pin,
      act: () => void tell(client().pinChat(row.id, !row.pinned)),
    },
    {
      icon: 'muted',
      label: row.muted ? words.unmute : words.mute,
      act: () => void tell(client().mute(row.id, !row.muted)),
    },
  ]);
}
