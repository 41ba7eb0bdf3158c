// Hands and keys on the messages: handled once for the whole history, not in each row.
import type { Conversation, Message } from '../../app/client';
import { say } from '../elements/say';
import { t } from '../../i18n/language';
import { tell } from '../elements/say';
import { client } from '../shell/session';
import { markUnread, openActions, reactTo } from './actions';
import { canEdit, focusComposer, startEdit, startReply } from './pending';
import type { Scroll } from './scroll';

const longPressMs = 480;
const pressMovePx = 10;

export interface Gestures {
  onKeyDown: (event: KeyboardEvent) => void;
  onPointerDown: (event: PointerEvent) => void;
  onPointerMove: (event: PointerEvent) => void;
  onPointerUp: () => void;
  onPointerCancel: () => void;
  onContextMenu: (event: MouseEvent) => void;
}

// One finger presses at a time.
let press: { timer: ReturnType<typeof setTimeout>; x: number; y: number } | undefined;

function endPress(): void {
  clearTimeout(press?.timer);
  press = undefined;
}

// The finger that opened the menu is lifted above it: that is no choice.
function swallowRelease(): void {
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('click', swallow, { capture: true });
  window.addEventListener(
    'pointerup',
    () => setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 80),
    { once: true, capture: true },
  );
  window.addEventListener('pointercancel', () => window.removeEventListener('click', swallow, { capture: true }), {
    once: true,
    capture: true,
  });
}

export function gestures(conversation: Conversation, scroll: Scroll): Gestures {
  return {
    onKeyDown: (event) => onKey(event, conversation, scroll),
    onPointerDown: (event) => {
      endPress();
      const row = rowOf(event.target);
      if (event.pointerType !== 'touch' || !row || !event.isPrimary) return;
      const timer = setTimeout(() => {
        endPress();
        navigator.vibrate?.(8);
        swallowRelease();
        void withMessage(conversation, row, (message) => openActions(row, conversation, message, scroll));
      }, longPressMs);
      press = { timer, x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event) => {
      if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > pressMovePx) endPress();
    },
    onPointerUp: endPress,
    onPointerCancel: endPress,
    onContextMenu: (event) => {
      // A long press is ours; the right button of a mouse keeps the menu of the browser.
      if (press || (event as PointerEvent).pointerType === 'touch') event.preventDefault();
    },
  };
}

function rowOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('.row[data-key]') : null;
}

async function withMessage(
  conversation: Conversation,
  row: HTMLElement,
  act: (message: Message) => void,
): Promise<void> {
  const seq = Number(row.dataset.seq);
  const message = seq > 0 ? await conversation.message(seq) : undefined;
  if (message) act(message);
  else if (seq > 0) say(t().failures.not_held, { fault: true });
}

function onKey(event: KeyboardEvent, conversation: Conversation, scroll: Scroll): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target as HTMLElement;
  if (
    target.closest('button, a, input, textarea') &&
    event.key !== 'Escape' &&
    event.key !== 'ArrowUp' &&
    event.key !== 'ArrowDown'
  )
    return;
  const row = rowOf(target);
  const done =
    moveKey(event.key, event.currentTarget as HTMLElement, row, scroll) ||
    (row !== null && actKey(event.key, row, conversation, scroll));
  if (done) {
    event.preventDefault();
    event.stopPropagation();
  }
}

// Without a row to begin from: the last one on screen upwards, the first one downwards.
function rowBeside(history: HTMLElement, row: HTMLElement | null, step: 1 | -1): HTMLElement | undefined {
  const rows = [...history.querySelectorAll<HTMLElement>('.row[data-seq]')];
  if (row) return rows[rows.indexOf(row) + step];
  const { top, bottom } = history.getBoundingClientRect();
  const seen = rows.filter((one) => {
    const edges = one.getBoundingClientRect();
    return edges.bottom > top + 1 && edges.top < bottom - 1;
  });
  return step === -1 ? seen[seen.length - 1] : seen[0];
}

function moveKey(key: string, history: HTMLElement, row: HTMLElement | null, scroll: Scroll): boolean {
  switch (key) {
    case 'ArrowUp':
    case 'ArrowDown': {
      const next = rowBeside(history, row, key === 'ArrowUp' ? -1 : 1);
      if (next) {
        next.focus({ preventScroll: true });
        next.scrollIntoView({ block: 'nearest' });
      } else if (key === 'ArrowDown') {
        focusComposer();
      }
      return true;
    }
    case 'End':
      scroll.goNewest();
      return true;
    case 'Escape':
      focusComposer();
      return true;
    default:
      return false;
  }
}

function actKey(key: string, row: HTMLElement, conversation: Conversation, scroll: Scroll): boolean {
  const open = conversation.row.value?.cannotSend === undefined;
  const act = (run: (message: Message) => void) => {
    void withMessage(conversation, row, run);
    return true;
  };
  switch (key) {
    case 'Enter':
      return act((message) => openActions(row, conversation, message, scroll));
    case 'r':
    case 'R':
      return (
        open &&
        act((message) => {
          if (!message.deleted) startReply(conversation, message);
        })
      );
    case 'e':
    case 'E':
      return (
        open &&
        act((message) => {
          if (canEdit(message)) startEdit(conversation, message);
        })
      );
    case '+':
      return (
        open &&
        act((message) => {
          if (!message.deleted) reactTo(row, conversation, message);
        })
      );
    case 's':
    case 'S':
      return act((message) => {
        if (!message.deleted) void tell(client().star(conversation.id, message.seq, !message.starred));
      });
    case 'u':
    case 'U':
      return act((message) => void markUnread(conversation, message, scroll));
    default:
      return false;
  }
}
