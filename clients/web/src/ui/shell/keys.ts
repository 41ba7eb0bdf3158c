// Keys that work everywhere. Those of the messages and of the composer live with them; `KeysHelp` lists all.
import { client } from './session';
import { back, go, route } from './route';
import { dialogs } from '../elements/dialogs';
import { openKeysHelp } from './KeysHelp';

// Alt with arrows belongs to the browser's history on some systems; Alt+Shift with arrows belongs to nobody.
export function watchKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (client().phase.value.kind !== 'in' || dialogs.value.length > 0 || event.isComposing || event.keyCode === 229)
      return;
    if (handled(event)) event.preventDefault();
  });
}

function handled(event: KeyboardEvent): boolean {
  const typing = isField(event.target);
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k')
    return focusOn('.list-filter input');
  if (event.altKey && event.shiftKey) return altKey(event.key);
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return false;
  switch (event.key) {
    case '?':
      openKeysHelp();
      return true;
    case '/':
      return focusOn('.list-filter input');
    case 'Escape':
      return leave();
    default:
      return false;
  }
}

function altKey(key: string): boolean {
  if (key === 'ArrowDown') return step(1, false);
  if (key === 'ArrowUp') return step(-1, false);
  if (key === 'U' || key === 'u') return step(1, true);
  return false;
}

function step(by: 1 | -1, unreadOnly: boolean): boolean {
  const rows = client().chats.value;
  const at = route.value.kind === 'chat' ? route.value.chat : '';
  const here = rows.findIndex((row) => row.id === at);
  for (let i = 1; i <= rows.length; i++) {
    const row = rows[(here + i * by + rows.length * i) % rows.length]!;
    if (unreadOnly && row.unread === 0) continue;
    go({ kind: 'chat', chat: row.id }, { replace: route.value.kind === 'chat' });
    return true;
  }
  return true;
}

function leave(): boolean {
  if (route.value.kind === 'list') return false;
  if (route.value.kind === 'chat') return focusOn('.composer textarea');
  back();
  return true;
}

export function focusOn(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  return found !== null;
}

export function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
