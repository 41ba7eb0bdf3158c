import type { Client } from './client';
import { Engine } from './engine';
import { browserTabs } from './session/hub';

/** The one client of this page. Returns at once; `phase` tells the rest. */
export function openClient(): Client {
  const engine = new Engine({
    origin: location.origin,
    hash: location.hash,
    databaseName: 'enishi',
    tabs: browserTabs,
    isSecure: globalThis.isSecureContext,
    clearHash: () => history.replaceState(history.state, '', `${location.pathname}${location.search}`),
  });
  void engine.start();
  return engine;
}
