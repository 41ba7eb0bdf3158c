// When a message is nothing but one to three emoji it is shown large.

const graphemes =
  typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : undefined;
// The longest emoji (a family with skin tones) has under 20 units. Longer texts are not even segmented: 16 KiB of one
// emoji must cost nothing.
const unitsMax = 64;
const emoji =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|(?!\p{Emoji_Component})\p{Emoji_Presentation}|\p{Extended_Pictographic})/u;

/** How many emoji a text is made of, when it is nothing but one to three; otherwise 0. */
export function loneEmoji(text: string): 0 | 1 | 2 | 3 {
  const trimmed = text.length <= unitsMax ? text.trim() : '';
  if (trimmed === '' || !graphemes) return 0;
  let count = 0;
  for (const { segment } of graphemes.segment(trimmed)) {
    if (segment.trim() === '') continue;
    if (!emoji.test(segment) || ++count > 3) return 0;
  }
  return count as 0 | 1 | 2 | 3;
}

/** The first grapheme of a text, for seals; never half a character. */
export function firstGrapheme(text: string): string {
  const head = text.trim().slice(0, unitsMax);
  if (!graphemes) return Array.from(head)[0] ?? '';
  for (const { segment } of graphemes.segment(head)) return segment;
  return '';
}

/** Whether a text is one emoji, fit for a reaction (32 bytes at most, as the daemon takes). */
export function isReaction(text: string): boolean {
  return loneEmoji(text) === 1 && new TextEncoder().encode(text.trim()).length <= 32;
}
