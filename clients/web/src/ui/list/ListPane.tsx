import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatRow, Id } from '../../app/client';
import { number } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { Icon, Knot, type IconName } from '../elements/Icon';
import { IconButton } from '../elements/IconButton';
import { openMenu } from '../elements/Menu';
import { chatName } from '../elements/names';
import { tell } from '../elements/say';
import { LinkLine } from '../shell/LinkLine';
import { go, route, type Route } from '../shell/route';
import { client } from '../shell/session';
import { ListRow } from './ListRow';

export function ListPane() {
  const filter = useSignal('');
  const shown = useComputed(() => matching(client().chats.value, filter.value));
  const open = route.value.kind === 'chat' ? route.value.chat : undefined;
  return (
    <div class="list">
      <header class="list-head">
        <h1 class="wordmark">
          <Knot />
          {t().name}
        </h1>
        <IconButton icon="plus" label={t().more} menu onClick={(event) => openNewMenu(event.currentTarget)} />
      </header>
      <LinkLine />
      <div class="list-filter">
        <Icon name="search" small />
        <input
          type="search"
          value={filter.value}
          placeholder={t().list.filter}
          aria-label={t().list.filter}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.isComposing || event.keyCode === 229) return;
            const first = shown.value[0];
            if (event.key === 'Enter' && filter.value !== '' && first) openChat(first.id);
            if (event.key === 'Escape' || event.key === 'Enter') filter.value = '';
          }}
        />
      </div>
      <Rows rows={shown.value} open={open} filtered={filter.value.trim() !== ''} />
      <Ways />
    </div>
  );
}

function openChat(chat: Id): void {
  go({ kind: 'chat', chat }, { replace: route.value.kind === 'chat' });
}

function matching(rows: readonly ChatRow[], filter: string): readonly ChatRow[] {
  const plain = (text: string) => text.normalize('NFKC').toLocaleLowerCase();
  const wanted = plain(filter.trim());
  if (wanted === '') return rows;
  return rows.filter(
    (row) => plain(chatName(row)).includes(wanted) || row.peer?.handle.includes(wanted.replace(/^@/, '')),
  );
}

// A screenful first, the rest in the pauses: the first look at the list does not wait for its end.
const firstRows = 24;
const moreRows = 60;

function useLimit(count: number): number {
  const [limit, setLimit] = useState(firstRows);
  const more = count > limit;
  useEffect(() => {
    if (!more) return undefined;
    const timer = setTimeout(() => setLimit((now) => now + moreRows), 30);
    return () => clearTimeout(timer);
  }, [more, limit]);
  return limit;
}

function Rows(props: { rows: readonly ChatRow[]; open: Id | undefined; filtered: boolean }) {
  const list = useRef<HTMLUListElement>(null);
  const limit = useLimit(props.rows.length);
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const links = [...list.current!.querySelectorAll<HTMLAnchorElement>('a')];
    const next = links[links.indexOf(document.activeElement as HTMLAnchorElement) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  };
  if (props.rows.length === 0) return <Empty filtered={props.filtered} />;
  return (
    <nav class="list-rows" aria-label={t().list.title}>
      <ul ref={list} onKeyDown={move}>
        {props.rows.slice(0, limit).map((row) => (
          <ListRow key={row.id} row={row} open={row.id === props.open} />
        ))}
      </ul>
    </nav>
  );
}

function Empty(props: { filtered: boolean }) {
  const known = client().chatsKnown.value;
  const words = t().list;
  return (
    <div class="list-rows list-empty">
      <p>{props.filtered ? words.noMatch : known ? words.empty : words.fresh}</p>
      {known && !props.filtered && <p class="hint">{words.emptyHint}</p>}
    </div>
  );
}

/** The ways to everything else, under the thumb on a phone. */
function Ways() {
  const asks = client().ties.value.filter((tie) => tie.tie === 'asked_in' && !tie.blocked).length;
  const words = t().list;
  return (
    <nav class="ways" aria-label={t().more}>
      <Way to={{ kind: 'people' }} icon="people" label={words.people} mark={asks} markLabel={words.asks(asks)} />
      <button type="button" class="way" title={words.takeOverHint} onClick={() => void tell(client().baton.takeOver())}>
        <Icon name="baton" />
        <span>{words.takeOver}</span>
      </button>
      <Way to={{ kind: 'invite' }} icon="invite" label={words.invite} />
      <Way to={{ kind: 'settings' }} icon="settings" label={words.settings} />
    </nav>
  );
}

function Way(props: { to: Route; icon: IconName; label: string; mark?: number; markLabel?: string }) {
  const here = route.value.kind === props.to.kind;
  return (
    <button type="button" class="way" aria-current={here ? 'page' : undefined} onClick={() => go(props.to)}>
      <Icon name={props.icon} />
      <span>{props.label}</span>
      {props.mark ? (
        <span class="stamp way-stamp">
          <span aria-hidden="true">{number(props.mark)}</span>
          <span class="unseen">{props.markLabel}</span>
        </span>
      ) : null}
    </button>
  );
}

function openNewMenu(by: Element): void {
  const words = t();
  openMenu(by, words.more, [
    { icon: 'invite', label: words.invite.title, act: () => go({ kind: 'invite' }) },
    { icon: 'group', label: words.groups.newTitle, act: () => go({ kind: 'newGroup' }) },
    { icon: 'map', label: words.people.map, act: () => go({ kind: 'map' }) },
    { icon: 'star', label: words.list.starred, act: () => go({ kind: 'starred' }) },
  ]);
}
