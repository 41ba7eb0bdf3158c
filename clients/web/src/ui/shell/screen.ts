// What the screen is like: narrow or wide, and whether a keyboard of the screen covers part of it.
import { signal } from '@preact/signals';
import { t } from '../../i18n/language';
import { say } from '../elements/say';

// Below it list and conversation do not fit side by side; styles/shell.css has the same number.
const wideQuery = '(min-width: 52rem)';

export const wide = signal(false);
export const coarse = signal(false);
/** A clock for what is shown relative to now: each minute. */
export const now = signal(Date.now());

let tallest = 0;
let width = 0;

/** On a touch screen: the viewport is much lower than it was at this width, so a keyboard is drawn on it. A keyboard of
 *  keys leaves the viewport alone. Only then does Enter break the line instead of sending. */
export function screenKeyboardOpen(): boolean {
  const height = visualViewport?.height ?? innerHeight;
  return coarse.value && height < tallest - 150;
}

function measure(): void {
  const height = visualViewport?.height ?? innerHeight;
  if (innerWidth !== width) {
    width = innerWidth; // turned round: other heights count
    tallest = 0;
  }
  tallest = Math.max(tallest, height);
  yieldToKeyboard(height);
}

// iOS lays its keyboard over the page and pushes the page up; the others make the page lower (interactive-widget).
function yieldToKeyboard(height: number): void {
  const { style } = document.documentElement;
  if (coarse.value && height < innerHeight - 100) {
    style.setProperty('--shell-height', `${Math.round(height)}px`);
    window.scrollTo(0, 0);
  } else {
    style.removeProperty('--shell-height');
  }
}

// What is dropped onto a page opens in its place unless it is refused: the conversation would be gone.
function refuseFiles(): void {
  for (const kind of ['dragover', 'drop'] as const) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      if (kind === 'drop') say(t().settings.notHereFiles);
    });
  }
}

export function watchScreen(): void {
  refuseFiles();
  const wideList = matchMedia(wideQuery);
  const coarseList = matchMedia('(pointer: coarse)');
  const update = () => {
    wide.value = wideList.matches;
    coarse.value = coarseList.matches;
  };
  update();
  measure();
  wideList.addEventListener('change', update);
  coarseList.addEventListener('change', update);
  addEventListener('resize', measure);
  visualViewport?.addEventListener('resize', measure);
  setInterval(() => {
    now.value = Date.now();
  }, 60_000);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') now.value = Date.now();
  });
}
