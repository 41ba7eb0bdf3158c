// Whether a person is here: a focused, visible window and real input not long ago.
import { signal } from '@preact/signals';
import { client } from '../shell/session';
import { inputMs } from './dwell';

let lastInputAt = -Infinity;
let toldAt = -Infinity;
// The engine wants to know of input, not of each movement of the hand.
const tellMs = 5000;

/** The window has the focus and is seen. */
export const focused = signal(document.visibilityState === 'visible' && document.hasFocus());

export function attentive(now = performance.now()): boolean {
  return focused.value && now - lastInputAt < inputMs;
}

export function watchAttention(): void {
  const input = () => {
    lastInputAt = performance.now();
    if (lastInputAt - toldAt < tellMs) return;
    toldAt = lastInputAt;
    client().touch();
  };
  for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'touchmove'] as const) {
    document.addEventListener(kind, input, { passive: true, capture: true });
  }
  const update = () => {
    const is = document.visibilityState === 'visible' && document.hasFocus();
    if (is && !focused.value) input(); // coming back is input
    focused.value = is;
  };
  window.addEventListener('focus', update);
  window.addEventListener('blur', update);
  document.addEventListener('visibilitychange', update);
  if (focused.value) input(); // whoever opened the page is at it
}
