import { useComputed } from '@preact/signals';
import type { ChatRow, Conversation } from '../../app/client';
import { relative } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { IconButton } from '../elements/IconButton';
import { openMenu, type MenuItem } from '../elements/Menu';
import { chatName } from '../elements/names';
import { ChatSeal } from '../elements/Seal';
import { say, tell, wordsFor } from '../elements/say';
import { LinkLine } from '../shell/LinkLine';
import { back } from '../shell/route';
import { now, wide } from '../shell/screen';
import { client } from '../shell/session';
import { shownControls } from '../text/tokens';
import type { Scroll } from './scroll';

export function ChatHead(props: { conversation: Conversation; scroll: Scroll }) {
  const { conversation } = props;
  const row = conversation.row.value;
  return (
    <header class="chat-head">
      {!wide.value && <IconButton class="chat-back" icon="back" label={t().chat.toList} onClick={back} />}
      {row && (
        <>
          <ChatSeal row={row} />
          <div class="chat-title">
            <h2 tabIndex={-1}>
              <bdi>{chatName(row)}</bdi>
            </h2>
            <Under row={row} stale={conversation.stale.value} />
          </div>
          {row.kind === 'group' && (
            <IconButton
              class="chat-members"
              icon="people"
              label={t().chat.members}
              menu
              onClick={() => openMembers(row)}
            />
          )}
          <IconButton
            icon="more"
            label={t().chat.menu}
            menu
            onClick={(event) => openChatMenu(event.currentTarget, conversation, props.scroll)}
          />
        </>
      )}
      {!wide.value && <LinkLine />}
    </header>
  );
}

function Under(props: { row: ChatRow; stale: boolean }) {
  const { row } = props;
  const presence = useComputed(() => (row.peer ? client().presence.value.get(row.peer.handle) : undefined));
  if (props.stale)
    return (
      <p class="chat-under" role="status">
        {t().chat.stale}
      </p>
    );
  if (!row.peer) return row.muted ? <p class="chat-under">{t().list.muted}</p> : null;
  const known = presence.value && presence.value.state !== 'unknown' ? ` · ${presenceWords(presence.value)}` : '';
  return (
    <p class="chat-under">
      <bdi>@{row.peer.handle}</bdi>
      {known}
    </p>
  );
}

export function presenceWords(presence: { readonly state: string; readonly sinceMs: number }): string {
  const words = t().people;
  switch (presence.state) {
    case 'active':
      return words.active;
    case 'idle':
      return words.idle;
    case 'background':
      return words.background;
    case 'offline':
      return presence.sinceMs > 0 ? words.offline(relative(presence.sinceMs, now.value)) : words.offlineUnknown;
    default:
      return words.unknown;
  }
}

export function openMembers(row: ChatRow): void {
  void import('../people/Members').then(
    (part) => part.openMembers(row.id),
    () => say(t().loadFailed, { fault: true }),
  );
}

function openChatMenu(by: Element, conversation: Conversation, scroll: Scroll): void {
  const row = conversation.row.peek();
  if (!row) return;
  const words = t();
  const items: MenuItem[] = [
    { icon: 'baton', label: words.chat.continueOn, act: () => void openContinue(by, conversation, scroll) },
    {
      icon: 'muted',
      label: row.muted ? words.list.unmute : words.list.mute,
      act: () => void tell(client().mute(row.id, !row.muted)),
    },
    {
      icon: 'pin',
      label: row.pinned ? words.list.unpin : words.list.pin,
      act: () => void tell(client().pinChat(row.id, !row.pinned)),
    },
  ];
  if (row.kind === 'group') items.unshift({ icon: 'people', label: words.chat.members, act: () => openMembers(row) });
  openMenu(by, words.chat.menu, items);
}

async function openContinue(by: Element, conversation: Conversation, scroll: Scroll): Promise<void> {
  const outcome = await client().devices();
  if (!outcome.ok) {
    say(wordsFor(outcome.failure), { fault: true });
    return;
  }
  const others = outcome.value.filter((device) => !device.current && device.online);
  if (others.length === 0) {
    say(t().chat.noOtherDevice);
    return;
  }
  openMenu(
    by,
    t().chat.continueOn,
    others.map((device) => ({
      icon: 'baton' as const,
      label: t().chat.continueOnDevice(shownControls(device.name)),
      act: () =>
        void tell(
          client().baton.give(device.id, {
            chat: conversation.id,
            ...scroll.here(),
            caret: conversation.draft.view.peek().caret,
          }),
        ),
    })),
  );
}
