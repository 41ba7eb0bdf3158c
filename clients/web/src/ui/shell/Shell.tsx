import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/language';
import { ConversationPane } from '../conversation/ConversationPane';
import { Knot } from '../elements/Icon';
import { lazy } from '../elements/Lazy';
import { ListPane } from '../list/ListPane';
import { route, type Route } from './route';
import { wide } from './screen';
import { client } from './session';

const People = lazy(async () => (await import('../people/People')).People);
const Ties = lazy(async () => (await import('../people/TieMap')).TieMap);
const Invite = lazy(async () => (await import('../people/Invite')).Invite);
const NewGroup = lazy(async () => (await import('../people/NewGroup')).NewGroup);
const Starred = lazy(async () => (await import('../people/Starred')).Starred);
const Settings = lazy(async () => (await import('../settings/Settings')).Settings);
const Devices = lazy(async () => (await import('../settings/Devices')).Devices);
const Settle = lazy(async () => (await import('../door/Settle')).Settle);

/** Everything behind the door: the list, and what was opened from it. Side by side where there is room. */
export function Shell() {
  const settled = client().recoveryAsked.value;
  if (!settled)
    return (
      <main class="door-page">
        <Settle />
      </main>
    );
  const place = route.value;
  const listShown = wide.value || place.kind === 'list';
  const mainShown = wide.value || place.kind !== 'list';
  return (
    <div class="shell">
      {listShown &&
        (wide.value ? (
          <section class="pane-list" aria-label={t().list.title}>
            <ListPane />
          </section>
        ) : (
          <main class="pane-list">
            <ListPane />
          </main>
        ))}
      {mainShown && <MainPane place={place} />}
    </div>
  );
}

function MainPane(props: { place: Route }) {
  const { place } = props;
  const element = useRef<HTMLElement>(null);
  const first = useRef(true);
  const key = place.kind === 'chat' ? place.chat : place.kind;
  useEffect(() => {
    // Who came by keyboard or screen reader is told where he is now; the composer takes the focus itself.
    if (!first.current && place.kind !== 'chat') element.current?.querySelector<HTMLElement>('h1, h2')?.focus();
    first.current = false;
  }, [key]);
  return (
    <main ref={element} class="pane-main">
      <Page place={place} />
    </main>
  );
}

function Page(props: { place: Route }) {
  const { place } = props;
  switch (place.kind) {
    case 'list':
      return <Nothing />;
    case 'chat':
      return <ConversationPane key={place.chat} chat={place.chat} seq={place.seq} />;
    case 'people':
      return <People />;
    case 'map':
      return <Ties />;
    case 'invite':
      return <Invite />;
    case 'newGroup':
      return <NewGroup />;
    case 'starred':
      return <Starred />;
    case 'settings':
      return <Settings />;
    case 'devices':
      return <Devices />;
  }
}

function Nothing() {
  return (
    <div class="blank">
      <Knot class="knot knot-large" />
      <p>{t().chat.none}</p>
      <p class="hint">{t().chat.noneHint}</p>
    </div>
  );
}

/** Runs `act` while the account is open on this device. */
export function useWhileIn(act: () => (() => void) | void): void {
  useSignalEffect(() => (client().phase.value.kind === 'in' ? act() : undefined));
}
