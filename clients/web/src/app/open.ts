import type { Client } from './client';
import { Engine } from './engine';
import { browserTabs } from './session/hub';

const linkKey = 'enishi-link';

/** The one client of this page. Returns at once; `phase` tells the rest. */
export function openClient(): Client {
  const engine = new Engine({
    origin: location.origin,
    hash: takeHash(),
    databaseName: 'enishi',
    tabs: browserTabs,
    isSecure: globalThis.isSecureContext,
    linkUsed: () => sessionStorage.removeItem(linkKey),
  });
  addEventListener('hashchange', () => {
    const hash = takeHash();
    if (hash !== '') engine.arrive(hash);
  });
  void engine.start();
  return engine;
}

/** A link's secret leaves the address at once, for people share addresses; a reload of this tab still knows it. Where the
 *  page cannot work it stays: it is to be taken to another address. */
function takeHash(): string {
  const { hash, pathname, search } = location;
  if (!globalThis.isSecureContext) return hash;
  if (!/^#[ip]=/.test(hash)) return sessionStorage.getItem(linkKey) ?? '';
  sessionStorage.setItem(linkKey, hash);
  history.replaceState(history.state, '', `${pathname}${search}`);
  return hash;
}
