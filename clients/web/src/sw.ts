/// <reference lib="webworker" />
// The service worker: the page itself without a network, and a tap on a notification. Data is the engine's.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

// The page has one address, and '/' itself is answered by what was kept. With a query it is the page, too. Other paths (the
// certificate of the local authority, health) are the daemon's.
const page = createHandlerBoundToURL('/index.html');
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.mode !== 'navigate' || url.origin !== self.location.origin || url.pathname !== '/' || url.search === '') return;
  event.respondWith(page({ event, request: event.request, url }) as Promise<Response>);
});

// A newer page waits until the old one is out of sight: nothing changes under anybody's eyes.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'take_over') void self.skipWaiting();
});

// `data.chat` of a notification says what it is about; the page hears it as a message.
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const chat = (event.notification.data as { chat?: string } | null)?.chat;
  event.waitUntil(
    (async () => {
      const windows = await self.clients.matchAll({ type: 'window' });
      const open = windows[0] ?? (await self.clients.openWindow('/'));
      await open?.focus();
      if (chat) open?.postMessage({ type: 'open', chat });
    })(),
  );
});
