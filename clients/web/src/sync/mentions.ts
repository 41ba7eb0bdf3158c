// Whom a text mentions: handles behind an "@" that begins a word, as clients/cpp reads them.

const mentionsMax = 50; // LIMIT_REACHED beyond

export interface Mentions {
  readonly handles: readonly string[];
  readonly all: boolean;
}

export function mentionsIn(text: string): Mentions {
  const handles: string[] = [];
  let all = false;
  for (const match of text.matchAll(/(?<![A-Za-z0-9_@])@([A-Za-z0-9_]+)/g)) {
    const handle = match[1]!.toLowerCase();
    if (handle === 'all' || handle === 'here') all = true;
    else if (/^[a-z0-9_]{2,24}$/.test(handle) && handles.length < mentionsMax && !handles.includes(handle))
      handles.push(handle);
  }
  return { handles, all };
}
