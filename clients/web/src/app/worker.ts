// The service worker of the page: registered once; a newer one takes over when nobody looks, or when somebody wants it.
import { signal, type ReadonlySignal } from '@preact/signals';

/** The daemon's policy lets no script address be made but this one (CSP trusted-types enishi). */
function scriptUrl(): string {
  type Types = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } };
  const types = (globalThis as { trustedTypes?: Types }).trustedTypes;
  const path = '/sw.js';
  return types?.createPolicy('enishi', { createScriptURL: () => path }).createScriptURL(path) ?? path;
}

const hourMs = 3_600_000; // an open page asks for a newer one that often

export interface Update {
  /** A newer version of the page is here, and waits. */
  readonly waiting: ReadonlySignal<boolean>;
  apply(): void;
}

/** `leave`: what has to be saved before the page is loaded anew. */
export function registerWorker(leave: () => Promise<void>): Update {
  const waiting = signal(false);
  const workers = (globalThis.navigator as Navigator | undefined)?.serviceWorker;
  if (!workers || !import.meta.env?.PROD) return { waiting, apply: () => undefined };
  let next: ServiceWorker | null = null;
  let isWanted = false;
  let isReplaced = false;
  const apply = (): void => {
    if (isReplaced) return void leave().finally(() => location.reload());
    if (!next) return;
    isWanted = true;
    void leave().then(() => next?.postMessage({ type: 'take_over' }));
  };
  const found = (worker: ServiceWorker | null): void => {
    // The first one of all replaces nothing.
    if (!worker || !workers.controller) return;
    next = worker;
    waiting.value = true;
    if (document.visibilityState === 'hidden') apply();
  };
  workers.addEventListener('controllerchange', () => {
    if (isWanted) return location.reload();
    // Another tab let it in. What this older page has not loaded yet is kept nowhere any more.
    isReplaced = true;
    waiting.value = true;
    if (document.visibilityState === 'hidden') apply();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && waiting.peek()) apply();
  });
  void workers.register(scriptUrl(), { scope: '/' }).then(
    (registration) => {
      found(registration.waiting);
      registration.addEventListener('updatefound', () => {
        const fresh = registration.installing;
        fresh?.addEventListener('statechange', () => fresh.state === 'installed' && found(fresh));
      });
      setInterval(() => void registration.update().catch(() => undefined), hourMs);
    },
    (error: unknown) => console.warn('enishi: no service worker', error),
  );
  return { waiting, apply };
}
