import { describe, expect, it } from 'vitest';
import type { Item } from '../../src/app/views';
import { Heights } from '../../src/ui/conversation/heights';
import { rowEstimate, Track, type ItemList } from '../../src/ui/conversation/track';
import { anchorAt, changeBetween, placeAt, rangeAt, topOf, topShowing } from '../../src/ui/conversation/window';

function seeded(seed: number): (n: number) => number {
  let state = seed;
  return (n) => (state = (state * 48_271) % 2_147_483_647) % n;
}

describe('heights', () => {
  it('agree with a plain list under any changes', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seeded(seed);
      const heights = new Heights();
      const model: number[] = [];
      for (let step = 0; step < 120; step++) {
        if (random(2) === 0 || model.length === 0) {
          const from = random(3) === 0 ? model.length : random(model.length + 1);
          const removed = random(Math.min(6, model.length - from + 1));
          const added = Array.from({ length: random(80) }, () => random(90));
          heights.splice(from, removed, added);
          model.splice(from, removed, ...added);
        } else {
          const index = random(model.length);
          const height = random(200);
          expect(heights.set(index, height)).toBe(height - model[index]!);
          model[index] = height;
        }
        const at = random(model.length + 1);
        expect(heights.length).toBe(model.length);
        expect(heights.offset(at)).toBeCloseTo(
          model.slice(0, at).reduce((a, b) => a + b, 0),
          6,
        );
        if (model.length === 0) continue;
        const y = random(Math.max(1, Math.floor(heights.total)));
        const found = heights.indexAt(y);
        expect(heights.offset(found)).toBeLessThanOrEqual(y);
        if (heights.total > y) expect(heights.offset(found + 1)).toBeGreaterThan(y);
      }
    }
  });
  it('pass over items of no height', () => {
    const heights = new Heights();
    heights.splice(0, 0, [10, 0, 0, 20]);
    expect([
      heights.indexAt(0),
      heights.indexAt(9),
      heights.indexAt(10),
      heights.indexAt(29),
      heights.indexAt(999),
    ]).toEqual([0, 0, 3, 3, 3]);
  });
  it('of 100,000 items answer at once', () => {
    const heights = new Heights();
    heights.splice(0, 0, new Array<number>(100_000).fill(48));
    const begun = performance.now();
    for (let i = 0; i < 10_000; i++) {
      heights.set((i * 7919) % 100_000, 20 + (i % 90));
      heights.indexAt((i * 104_729) % heights.total);
    }
    for (let i = 0; i < 1000; i++) heights.splice(heights.length, 0, [48]);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

describe('window', () => {
  const heights = new Heights();
  heights.splice(0, 0, [100, 50, 0, 200, 50]);
  it('draws what is on screen and around', () => {
    expect(rangeAt(heights, 100, 60, 0)).toEqual({ from: 1, to: 4 });
    expect(rangeAt(heights, 100, 60, 1000)).toEqual({ from: 0, to: 5 });
    expect(rangeAt(new Heights(), 0, 60, 10)).toEqual({ from: 0, to: 0 });
  });
  it('anchors give the place back', () => {
    for (const top of [0, 20, 120, 149, 170, 390]) expect(topOf(heights, anchorAt(heights, top, String)!)).toBe(top);
  });
  it('shows an item a quarter down, a high one from its top', () => {
    expect(topShowing(heights, 4, 400)).toBe(350 - 100);
    expect(topShowing(heights, 3, 200)).toBe(150);
  });
  it('tells the place in thousandths', () => {
    expect(placeAt(heights, 200)).toEqual({ index: 3, thousandths: 250 });
  });
  it('finds the one stretch that changed', () => {
    const change = (a: string, b: string) =>
      changeBetween(
        a.length,
        (i) => a[i],
        b.length,
        (i) => b[i]!,
      );
    expect(change('abc', 'abcd')).toEqual({ from: 3, removed: 0, added: 1 });
    expect(change('abc', 'xabc')).toEqual({ from: 0, removed: 0, added: 1 });
    expect(change('aHc', 'a123c')).toEqual({ from: 1, removed: 1, added: 3 });
    expect(change('abc', 'abc')).toEqual({ from: 3, removed: 0, added: 0 });
    expect(change('', 'ab')).toEqual({ from: 0, removed: 0, added: 2 });
    expect(change('ab', '')).toEqual({ from: 0, removed: 2, added: 0 });
  });
});

/** A log of keys; holes as one item. */
class List implements ItemList {
  constructor(public keys: string[]) {}
  get count() {
    return this.keys.length;
  }
  keyAt(index: number): string {
    return this.keys[index] ?? '';
  }
  at(index: number): Item | undefined {
    const hole = /^hole(\d+)-(\d+)$/.exec(this.keyAt(index));
    if (!hole) return undefined;
    const [first, last] = [Number(hole[1]), Number(hole[2])];
    return { kind: 'hole', key: this.keyAt(index), first, last, count: last - first + 1, loading: false };
  }
}
const seqs = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `s${from + i}`);

/** Where a row is on the screen. */
const shownAt = (track: Track, list: List, key: string, scroll: number) =>
  track.heights.offset(list.keys.indexOf(key)) + track.drift - scroll;

describe('the reader keeps his place', () => {
  it('when older messages come in above', () => {
    const list = new List(['hole1-100', ...seqs(101, 150)]);
    const track = new Track(list);
    track.viewport = 500;
    track.sync(0);
    expect(track.heights.total).toBe(150 * rowEstimate);
    const scroll = 100 * rowEstimate + 20;
    const before = shownAt(track, list, 's101', scroll);
    list.keys = ['hole1-50', ...seqs(51, 150)];
    expect(track.sync(scroll)).toBe(true);
    track.hold(scroll, () => {
      for (let i = 1; i < 51; i++) track.measure(i, 20 + i);
    });
    expect(shownAt(track, list, 's101', scroll)).toBeCloseTo(before, 6);
    const settled = track.settle(scroll);
    expect(track.drift).toBe(0);
    expect(shownAt(track, list, 's101', settled)).toBeCloseTo(before, 6);
  });
  it('when the hole that he looks at is paid from below', () => {
    const list = new List(['hole1-100', ...seqs(101, 110)]);
    const track = new Track(list);
    track.viewport = 400;
    track.sync(0);
    const scroll = 100 * rowEstimate - 100; // the hole's lower edge is on screen
    track.hold(scroll, () => track.measure(1, 60)); // it has been seen
    const before = shownAt(track, list, 's101', scroll);
    list.keys = ['hole1-80', ...seqs(81, 110)];
    track.sync(scroll);
    track.hold(scroll, () => {
      for (let i = 1; i < 21; i++) track.measure(i, 90);
    });
    expect(shownAt(track, list, 's101', scroll)).toBeCloseTo(before, 6);
  });
  it('whatever comes, whatever is measured', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seeded(seed);
      const list = new List(seqs(1000, 1200));
      const track = new Track(list);
      track.viewport = 600;
      track.sync(0);
      let scroll = random(Math.floor(track.heights.total));
      let [low, high] = [1000, 1200];
      for (let step = 0; step < 60; step++) {
        const { key } = track.anchor(scroll)!;
        const edge = () => track.heights.offset(list.keys.indexOf(key) + 1) + track.drift - scroll;
        const before = edge();
        switch (random(4)) {
          case 0:
            low -= 1 + random(30);
            list.keys = seqs(low, high);
            track.sync(scroll);
            break;
          case 1:
            high += 1 + random(5);
            list.keys = seqs(low, high);
            track.sync(scroll);
            break;
          case 2:
            track.hold(scroll, () => {
              for (let i = 0; i < 8; i++) track.measure(random(list.count), 20 + random(300));
            });
            break;
          default:
            scroll = track.settle(scroll);
        }
        expect(edge()).toBeCloseTo(before, 4);
      }
    }
  });
  it('draws again only when the screen nears the end of what is drawn', () => {
    const list = new List(seqs(1, 2000));
    const track = new Track(list);
    track.viewport = 600;
    track.sync(0);
    track.draw(20_000);
    expect(track.needsDrawing(20_100)).toBe(false);
    expect(track.needsDrawing(21_500)).toBe(true);
  });
});
