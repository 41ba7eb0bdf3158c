// The same cases as the C++ core runs.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { applyChange, freshState } from '../../src/sync/message_state';
import { EventKind } from '../../src/sync/records';
import { unread, unreadMentions, type Slot } from '../../src/sync/unread';

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../tests/vectors/${name}.json`, import.meta.url), 'utf8'));
const kindOf = (name: string): number => (EventKind as Record<string, number>)[name]!;

type UnreadCase = {
  name: string;
  self: string;
  blocked: string[];
  intervals: [number, number][];
  marker: number;
  slots: [number, string, string, boolean, boolean?, boolean?][];
  unread: number;
  mentions?: number;
};

describe('unread.json', () => {
  const { cases } = vectors('unread') as { cases: UnreadCase[] };
  test('is not empty', () => expect(cases.length).toBeGreaterThanOrEqual(17));
  test.each(cases)('$name', (each) => {
    const slots = each.slots.map(
      ([seq, kind, author, deleted, hidden, mentioned]): Slot => ({
        seq,
        kind: kindOf(kind),
        author,
        deleted,
        hidden: hidden ?? false,
        mentioned: mentioned ?? false,
      }),
    );
    const viewer = {
      self: each.self,
      blocked: new Set(each.blocked),
      intervals: each.intervals.map(([joined, left]) => ({ joined, left })),
    };
    expect(unread(slots, viewer, each.marker)).toBe(each.unread);
    expect(unreadMentions(slots, viewer, each.marker)).toBe(each.mentions ?? 0);
  });
});

type StateCase = {
  name: string;
  mentions: string[];
  mentions_all: boolean;
  as_of?: number;
  changes: [number, string, string, string, boolean, string[], boolean][];
  edits: number[];
  body: string;
  now_mentions: string[];
  now_mentions_all: boolean;
  deleted: number;
  pinned: number;
  reactions: [string, string[]][];
};

describe('message_state.json', () => {
  const { cases } = vectors('message_state') as { cases: StateCase[] };
  test('is not empty', () => expect(cases.length).toBeGreaterThanOrEqual(7));
  test.each(cases)('$name', (each) => {
    const state = freshState(each.mentions, each.mentions_all);
    state.asOf = each.as_of ?? 0;
    for (const [seq, kind, author, body, on, mentions, mentionsAll] of each.changes)
      applyChange(state, { seq, kind: kindOf(kind), author, at: seq, body, on, mentions, mentionsAll });
    expect(state.edits.map((edit) => edit.seq)).toEqual(each.edits);
    expect(state.body).toBe(each.body);
    expect(state.mentions).toEqual(each.now_mentions);
    expect(state.mentionsAll).toBe(each.now_mentions_all);
    expect(state.deleted).toBe(each.deleted);
    expect(state.pinned).toBe(each.pinned);
    expect(state.reactions.map((one) => [one.emoji, one.people])).toEqual(each.reactions);
  });
});
