// What the outside sees of unread: the title, the icon in the tab, the badge of the installed app, local notifications
// while the page lives.
import { effect } from '@preact/signals';
import type { Arrival } from '../../app/client';
import { number } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { chatName, nameOf } from '../elements/names';
import { preferences } from '../shell/preferences';
import { go, route } from '../shell/route';
import { client } from '../shell/session';
import { oneLine } from '../text/preview';
import { attentive } from './attention';

export function watchOutside(): void {
  effect(() => {
    const inside = client().phase.value.kind === 'in';
    const badge = inside ? client().badge.value : 0;
    const open = route.value.kind === 'chat' ? route.value.chat : undefined;
    const row = inside && open ? client().chats.value.find((chat) => chat.id === open) : undefined;
    const name = row ? `${chatName(row)} · ${t().name}` : t().name;
    document.title = badge > 0 ? `(${number(badge)}) ${name}` : name;
    showIcon(badge > 0);
    void showBadge(badge);
  });
  effect(() => {
    if (client().phase.value.kind !== 'in') return undefined;
    return client().onArrival((arrival) => void notify(arrival));
  });
  let unread = new Set<string>();
  effect(() => {
    // Read here or elsewhere: the notification has said enough.
    const now = new Set(
      client()
        .chats.value.filter((row) => row.unread > 0)
        .map((row) => row.id),
    );
    for (const chat of unread) if (!now.has(chat)) void withdraw(chat);
    unread = now;
  });
  navigator.serviceWorker?.addEventListener('message', (event: MessageEvent<{ type?: string; chat?: string }>) => {
    if (event.data?.type === 'open' && event.data.chat) go({ kind: 'chat', chat: event.data.chat });
  });
}

async function showBadge(count: number): Promise<void> {
  try {
    if (count > 0) await navigator.setAppBadge?.(count);
    else await navigator.clearAppBadge?.();
  } catch {
    // Not installed, or not allowed: the title says it too.
  }
}

function showIcon(waiting: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const wanted = waiting ? '/icons/waiting.svg' : '/icons/icon.svg';
  if (link && link.getAttribute('href') !== wanted) link.setAttribute('href', wanted);
}

async function notify(arrival: Arrival): Promise<void> {
  const { notify: wanted, notifyText } = preferences.value;
  if (!arrival.isTeller || !wanted || !('Notification' in globalThis) || Notification.permission !== 'granted') return;
  if (attentive() && route.value.kind === 'chat' && route.value.chat === arrival.chat) return;
  const row = client().chats.value.find((chat) => chat.id === arrival.chat);
  const who = nameOf(arrival.author);
  const title = notifyText ? (row?.kind === 'group' ? `${who} · ${chatName(row)}` : who) : t().name;
  const body = notifyText ? oneLine(arrival.text) : t().list.unread(row?.unread ?? 1);
  const registration = await navigator.serviceWorker?.getRegistration();
  // One for each conversation: the newest replaces the last. A tap is told by the worker: see watchOutside.
  await registration?.showNotification(title, {
    body,
    tag: arrival.chat,
    icon: '/icons/icon-192.png',
    data: { chat: arrival.chat },
  });
}

async function withdraw(chat: string): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const notification of (await registration?.getNotifications({ tag: chat })) ?? []) notification.close();
}
