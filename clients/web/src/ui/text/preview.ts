// One line out of a message, for the list, replies and notifications.
import { shownControls } from './tokens';

const previewMax = 240;

/** First words of a text on one line, controls shown, never half a character. */
export function oneLine(text: string): string {
  const head = text.length > previewMax * 2 ? text.slice(0, previewMax * 2) : text;
  const line = shownControls(
    head
      .replace(/```[^\n]*\n?/g, ' ')
      .replace(/[\s\u2028\u2029]+/g, ' ')
      .trim(),
  );
  if (line.length <= previewMax) return line;
  const end = /[\ud800-\udbff]/.test(line[previewMax - 1]!) ? previewMax - 1 : previewMax;
  return `${line.slice(0, end)}…`;
}
