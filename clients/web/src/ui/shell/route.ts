// Where the person is, kept in the history of the browser: the back gesture of a phone works like the back button.
// The part after '#' never reaches a server. '#i=' and '#p=' are links of the door and belong to the engine.
import { signal } from '@preact/signals';
import type { Id } from '../../app/client';

export type Route =
  | { readonly kind: 'list' }
  | { readonly kind: 'chat'; readonly chat: Id; readonly seq?: number }
  | { readonly kind: 'people' | 'map' | 'invite' | 'newGroup' | 'starred' | 'settings' | 'devices' };

const plain = ['people', 'map', 'invite', 'newGroup', 'starred', 'settings', 'devices'] as const;

export const route = signal<Route>({ kind: 'list' });

export function routeOf(hash: string): Route {
  const chat = /^#\/c\/([0-9a-f]{32})(?:\/(\d{1,15}))?$/.exec(hash);
  if (chat) return chat[2] ? { kind: 'chat', chat: chat[1]!, seq: Number(chat[2]) } : { kind: 'chat', chat: chat[1]! };
  const name = hash.slice(2);
  const found = hash.startsWith('#/') ? plain.find((kind) => kind === name) : undefined;
  return found ? { kind: found } : { kind: 'list' };
}

export function hashOf(to: Route): string {
  if (to.kind === 'list') return '#/';
  if (to.kind === 'chat') return to.seq ? `#/c/${to.chat}/${to.seq}` : `#/c/${to.chat}`;
  return `#/${to.kind}`;
}

interface Kept {
  enishi: number; // how many of our pages lie behind this one
}

function depth(): number {
  return (history.state as Kept | null)?.enishi ?? 0;
}

/** Goes somewhere. `replace`: the present place is not to be come back to. */
export function go(to: Route, options: { replace?: boolean } = {}): void {
  if (hashOf(to) === hashOf(route.value)) {
    route.value = to; // the same place again: a jump to the same message
    return;
  }
  if (options.replace) history.replaceState({ enishi: depth() }, '', hashOf(to));
  else history.pushState({ enishi: depth() + 1 }, '', hashOf(to));
  route.value = to;
}

/** One page back, or to the list when nothing of ours lies behind. */
export function back(): void {
  if (depth() > 0) history.back();
  else go({ kind: 'list' }, { replace: true });
}

/** Begins: the list lies behind whatever was opened directly, so that "back" never leaves by surprise. */
export function startRoutes(): void {
  const first = routeOf(location.hash);
  if (history.state === null && first.kind !== 'list') {
    history.replaceState({ enishi: 0 }, '', hashOf({ kind: 'list' }));
    history.pushState({ enishi: 1 }, '', hashOf(first));
  }
  route.value = first;
  addEventListener('popstate', () => {
    route.value = routeOf(location.hash);
  });
}
