import { expect, test } from 'vitest';
import { RangeSet } from '../../src/sync/range_set';
import { Slots } from '../../src/sync/slots';
import { forEachSeed, type Random } from '../random';

const top = 60;

function check(set: RangeSet, model: Set<number>): void {
  const flat = Array.from(set.stored());
  for (let i = 0; i < flat.length; i += 2) {
    expect(flat[i]!).toBeLessThanOrEqual(flat[i + 1]!);
    if (i > 0) expect(flat[i]!).toBeGreaterThan(flat[i - 1]! + 1);
  }
  const all = set.ranges().flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
  expect(all).toEqual([...model].sort((a, b) => a - b));
  expect(set.count()).toBe(model.size);
  expect(set.last()).toBe(Math.max(0, ...model));
}

test('a set of ranges is the set of its seqs', () => {
  forEachSeed(400, (random) => {
    const set = RangeSet.empty();
    const model = new Set<number>();
    for (let step = 0; step < 40; step += 1) {
      const first = random.between(1, top);
      const last = random.between(first - 1, Math.min(top, first + 12));
      const add = random.chance(0.65);
      if (add) set.add(first, last);
      else set.remove(first, last);
      for (let seq = first; seq <= last; seq += 1) add ? model.add(seq) : model.delete(seq);
    }
    check(set, model);
    const first = random.between(1, top);
    const last = random.between(first, top + 5);
    const inside = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    expect(set.contains(first, last)).toBe(inside.every((seq) => model.has(seq)));
    const spread = (ranges: { first: number; last: number }[]): number[] =>
      ranges.flatMap((each) => Array.from({ length: each.last - each.first + 1 }, (_, i) => each.first + i));
    expect(spread(set.holes(first, last))).toEqual(inside.filter((seq) => !model.has(seq)));
    expect(spread(set.within(first, last))).toEqual(inside.filter((seq) => model.has(seq)));
    let through = first - 1;
    while (model.has(through + 1)) through += 1;
    expect(set.contiguousFrom(first)).toBe(through);
    expect(RangeSet.of(set.stored()).ranges()).toEqual(set.ranges());
  });
});

/** What the lines should be, slot by slot. */
function linesOf(random: Random) {
  const held = RangeSet.empty();
  const skipped = RangeSet.empty();
  const silent = RangeSet.empty();
  const hidden = new Set<number>();
  const head = random.between(1, top);
  const joined = random.between(1, head);
  for (let seq = joined; seq <= head; seq += 1) {
    if (random.chance(0.1)) skipped.add(seq);
    else if (random.chance(0.7)) {
      held.add(seq);
      if (random.chance(0.2)) silent.add(seq);
      else if (random.chance(0.1)) hidden.add(seq);
    }
  }
  const intervals = [{ joined, left: 0 }];
  const lines: (number | [number, number])[] = [];
  for (let seq = joined; seq <= head; seq += 1) {
    const isHole = !held.contains(seq) && !skipped.contains(seq);
    const last = lines.at(-1);
    if (isHole && Array.isArray(last) && last[1] === seq - 1) last[1] = seq;
    else if (isHole) lines.push([seq, seq]);
    else if (held.contains(seq) && !silent.contains(seq) && !hidden.has(seq)) lines.push(seq);
  }
  return { slots: new Slots({ held, skipped, silent, hidden, intervals, head }), lines };
}

test('lines by index: what is held and shown, and whole holes', () => {
  forEachSeed(400, (random) => {
    const { slots, lines } = linesOf(random);
    expect(slots.count).toBe(lines.length);
    lines.forEach((line, index) => {
      const at = slots.at(index)!;
      if (Array.isArray(line)) expect(at).toEqual({ kind: 'hole', range: { first: line[0], last: line[1] } });
      else expect(at).toEqual({ kind: 'slot', seq: line });
      expect(slots.indexOf(Array.isArray(line) ? line[1] : line)).toBe(index);
    });
    expect(slots.at(-1)).toBeUndefined();
    expect(slots.at(lines.length)).toBeUndefined();
    const first = random.between(0, Math.max(0, lines.length - 1));
    const last = random.between(first, lines.length);
    const { slots: stretches, holes } = slots.stretch(first, last);
    const wanted = lines.slice(first, last + 1);
    expect(stretches.flatMap((each) => Array.from({ length: each.last - each.first + 1 }, (_, i) => each.first + i))).toEqual(
      wanted.filter((line) => !Array.isArray(line)),
    );
    expect(holes.map((each) => [each.first, each.last])).toEqual(wanted.filter((line) => Array.isArray(line)));
  });
});
