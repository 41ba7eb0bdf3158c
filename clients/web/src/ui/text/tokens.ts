// The text of a message as tokens. Others' texts are hostile until shown otherwise: nothing here makes markup, every
// pass is linear in the length of the text, and what could mislead the eye becomes a token of its own.

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'link'; href: string; text: string; host?: string } // host: the true one, where the text shows another
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em' | 'strike'; children: Inline[] }
  | { kind: 'mention'; text: string; handle: string } // handle 'all' for everybody
  | { kind: 'control'; code: number };

export type Block = { kind: 'lines'; lines: Inline[][] } | { kind: 'code'; text: string };

export interface Mentions {
  handles: ReadonlySet<string>;
  all: boolean;
}

const noMentions: Mentions = { handles: new Set(), all: false };

/** Cuts a message into paragraphs and fenced code. Line breaks stay line breaks. */
export function tokenize(source: string, mentions: Mentions = noMentions): Block[] {
  const blocks: Block[] = [];
  const lines = source.replace(/\r\n?/g, '\n').split('\n');
  const lastFence = lines.findLastIndex((line) => isFence(line));
  let open: Inline[][] = [];
  const close = () => {
    if (open.length > 0) blocks.push({ kind: 'lines', lines: open });
    open = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (isFence(line) && i < lastFence) {
      const end = nextFence(lines, i + 1);
      close();
      blocks.push({ kind: 'code', text: shownControls(lines.slice(i + 1, end).join('\n')) });
      i = end;
    } else {
      open.push(inline(line, mentions, 0));
    }
  }
  close();
  return blocks;
}

function isFence(line: string): boolean {
  return line.startsWith('```') && !line.includes('`', 3);
}

function nextFence(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && !isFence(lines[at]!)) at++;
  return at;
}

interface Marker {
  mark: string;
  kind: 'strong' | 'em' | 'strike';
}

const markers: readonly Marker[] = [
  { mark: '**', kind: 'strong' },
  { mark: '~~', kind: 'strike' },
  { mark: '*', kind: 'em' },
  { mark: '_', kind: 'em' },
];

const depthMax = 3;
const isAlnum = (c: string | undefined) => c !== undefined && /[a-z0-9]/i.test(c);
// What emphasis may lean on inside. Kaomoji like (*^_^*) and m(_ _)m lean on nothing of this.
const isFlesh = (c: string | undefined) => c !== undefined && /[\p{L}\p{N}\p{M}「」『』“”"'!?！？。、%％…]/u.test(c);

/** One line into tokens. */
function inline(line: string, mentions: Mentions, depth: number): Inline[] {
  const out: Inline[] = [];
  const barren = new Set<string>(); // marks for which the rest of the line has no end: searched once, not once each
  let plain = 0;
  let at = 0;
  const flush = (to: number) => {
    if (to > plain) pushText(out, line.slice(plain, to));
  };
  while (at < line.length) {
    const found = tokenAt(line, at, mentions, depth, barren);
    if (found) {
      flush(at);
      out.push(found.token);
      at = plain = found.end;
    } else {
      at++;
    }
  }
  flush(line.length);
  return out;
}

type Found = { token: Inline; end: number } | undefined;

function tokenAt(line: string, at: number, mentions: Mentions, depth: number, barren: Set<string>): Found {
  switch (line[at]) {
    case '`':
      return codeAt(line, at, barren);
    case 'h':
    case 'H':
      return linkAt(line, at);
    case '@':
      return mentionAt(line, at, mentions);
    case '*':
    case '_':
    case '~':
      return depth < depthMax ? emphasisAt(line, at, mentions, depth, barren) : undefined;
    default:
      return undefined;
  }
}

function codeAt(line: string, at: number, barren: Set<string>): Found {
  if (barren.has('`')) return undefined;
  const end = line.indexOf('`', at + 1);
  if (end < 0) {
    barren.add('`');
    return undefined;
  }
  if (end === at + 1) return undefined;
  return { token: { kind: 'code', text: shownControls(line.slice(at + 1, end)) }, end: end + 1 };
}

function emphasisAt(line: string, at: number, mentions: Mentions, depth: number, barren: Set<string>): Found {
  const marker = markers.find(({ mark }) => line.startsWith(mark, at));
  if (!marker || barren.has(marker.mark)) return undefined;
  const { mark, kind } = marker;
  const before = line[at - 1];
  const begin = at + mark.length;
  if (isAlnum(before) || before === mark[0] || (!isFlesh(charAt(line, begin)) && line[begin] !== '*')) return undefined;
  for (let end = line.indexOf(mark, begin); end >= 0; end = line.indexOf(mark, end + 1)) {
    if (end === begin || !closes(line, end, mark)) continue;
    const children = inline(line.slice(begin, end), mentions, depth + 1);
    return { token: { kind, children }, end: end + mark.length };
  }
  barren.add(mark);
  return undefined;
}

function closes(line: string, end: number, mark: string): boolean {
  const after = line[end + mark.length];
  const inner = line[end - 1];
  if (isAlnum(after) || after === mark[0]) return false;
  return isFlesh(charBefore(line, end)) || inner === ')' || inner === '`' || (mark === '**' && inner === '*');
}

function charAt(text: string, at: number): string | undefined {
  const code = text.codePointAt(at);
  return code === undefined ? undefined : String.fromCodePoint(code);
}

function charBefore(text: string, at: number): string | undefined {
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff ? charAt(text, at - 2) : text[at - 1];
}

/** The same rule as the daemon's clients: an @ that begins a word, then the handle. */
function mentionAt(line: string, at: number, mentions: Mentions): Found {
  const before = line[at - 1];
  if (before !== undefined && /[a-z0-9_@]/i.test(before)) return undefined;
  const word = /^[a-z0-9_]+/i.exec(line.slice(at + 1, at + 27))?.[0];
  if (!word) return undefined;
  const handle = word.toLowerCase();
  const all = handle === 'all' || handle === 'here';
  if (all ? !mentions.all : !mentions.handles.has(handle)) return undefined;
  return { token: { kind: 'mention', text: `@${word}`, handle: all ? 'all' : handle }, end: at + 1 + word.length };
}

const linkLengthMax = 2048;

function linkAt(line: string, at: number): Found {
  const scheme = /^https?:\/\//i.exec(line.slice(at, at + 8))?.[0];
  if (!scheme || isAlnum(line[at - 1])) return undefined;
  const hostEnd = hostEndOf(line, at + scheme.length);
  const text = trimmed(line.slice(at, pathEndOf(line, hostEnd)));
  if (text.length <= scheme.length) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // A name before an @ makes the eye read the wrong host: that stays text, all of it, and is not looked at again.
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return { token: { kind: 'text', text }, end: at + text.length };
  const shown = text.slice(scheme.length).toLowerCase();
  const token: Inline = { kind: 'link', href: url.href, text };
  if (!shown.startsWith(url.host)) token.host = url.host;
  return { token, end: at + text.length };
}

const stops =
  /[\s<>"`{}|\\^「」『』（）【】、。，．！？\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;

// Japanese sets no space after an address: "https://example.orgを見て". A host that begins in ASCII ends with it.
function hostEndOf(line: string, from: number): number {
  const ascii = line.charCodeAt(from) < 0x80;
  let at = from;
  while (at < line.length && !/[/?#]/.test(line[at]!) && !stops.test(line[at]!)) {
    if (ascii && line.charCodeAt(at) >= 0x80) break;
    at++;
  }
  return at;
}

// In a path kana and kanji count after a slash and after one another, not straight after a Latin letter.
function pathEndOf(line: string, from: number): number {
  if (!/[/?#]/.test(line[from] ?? '')) return from;
  const limit = Math.min(line.length, from + linkLengthMax);
  let at = from;
  while (at < limit && !stops.test(line[at]!)) {
    if (line.charCodeAt(at) >= 0x80 && isAlnum(line[at - 1])) break;
    at++;
  }
  return at;
}

function trimmed(link: string): string {
  let end = link.length;
  while (end > 0) {
    const last = link[end - 1]!;
    if (last === ')' && countOf(link, '(', end) >= countOf(link, ')', end)) break;
    if (!/[.,;:!?'")\]*_~]/.test(last)) break;
    end--;
  }
  return link.slice(0, end);
}

function countOf(text: string, char: string, end: number): number {
  let count = 0;
  for (let i = 0; i < end; i++) if (text[i] === char) count++;
  return count;
}

// Characters that are not seen but act: controls, directional overrides and isolates, invisible spaces and separators.
// Joiners and the plain direction marks stay: emoji, Persian and Hebrew need them, and isolation keeps them inside.
const controls =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g;

function pushText(out: Inline[], text: string): void {
  let from = 0;
  for (const match of text.matchAll(controls)) {
    if (match.index > from) out.push({ kind: 'text', text: text.slice(from, match.index) });
    out.push({ kind: 'control', code: match[0].charCodeAt(0) });
    from = match.index + 1;
  }
  if (from < text.length) out.push({ kind: 'text', text: from === 0 ? text : text.slice(from) });
}

/** The sign that stands for a control character where no element can be put. */
export function signOf(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
}

/** Text for places without elements (titles, previews, notifications): controls become signs. */
export function shownControls(text: string): string {
  return text.replace(controls, (c) => (c === '\t' ? c : signOf(c.charCodeAt(0))));
}
