// Names after an @. The same rule for what begins a mention as everywhere: see text/tokens.ts.

export interface Query {
  from: number; // index of the @
  query: string; // what was typed behind it, in lower case
}

export interface Candidate {
  handle: string;
  name: string;
}

/** The mention that is being typed at the caret, if any. */
export function queryAt(text: string, caret: number): Query | undefined {
  const head = text.slice(Math.max(0, caret - 26), caret);
  const found = /(?:^|[^a-z0-9_@])@([a-z0-9_]{0,24})$/i.exec(head);
  if (!found) return undefined;
  return { from: caret - found[1]!.length - 1, query: found[1]!.toLowerCase() };
}

const shownMax = 6;

/** Those whom the query may mean: handles that begin with it, then names that contain it. */
export function candidatesFor(query: string, people: readonly Candidate[]): Candidate[] {
  const rank = ({ handle, name }: Candidate) => {
    if (handle.startsWith(query)) return 0;
    return name.toLocaleLowerCase().includes(query) ? 1 : 2;
  };
  return people
    .map((person) => ({ person, rank: rank(person) }))
    .filter((entry) => entry.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, shownMax)
    .map((entry) => entry.person);
}

/** The text with the mention put in; the caret stands behind it and a space. */
export function completed(text: string, at: Query, caret: number, handle: string): { text: string; caret: number } {
  const rest = text.slice(caret);
  const put = `@${handle}${rest.startsWith(' ') ? '' : ' '}`;
  return { text: text.slice(0, at.from) + put + rest, caret: at.from + handle.length + 2 };
}
