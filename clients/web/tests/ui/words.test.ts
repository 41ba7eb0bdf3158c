// The catalogue, dates, handles: what is said and how.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { en } from '../../src/i18n/en';
import { ja } from '../../src/i18n/ja';
import { preferredLanguage, speak } from '../../src/i18n/language';
import { dayLabel, dayOf, daysAgo, relative, shortTime, untilMidnight } from '../../src/i18n/dates';
import { deviceNameFor } from '../../src/ui/door/device_name';
import { asHandle, handleFault, handleFrom } from '../../src/ui/door/handle';
import { isSeen, lookOf } from '../../src/ui/conversation/look';
import { Dwell } from '../../src/ui/reading/dwell';
import { hashOf, routeOf } from '../../src/ui/shell/route';
import { frameOf, spotsFor } from '../../src/ui/people/map_layout';
import { squareOf } from '../../src/ui/settings/picture';
import type { Message } from '../../src/app/views';

vi.stubGlobal('document', { documentElement: { lang: '' } });

type Node = { readonly [key: string]: string | ((...args: never[]) => string) | Node };
function keysOf(node: Node, path = ''): string[] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'object' ? keysOf(value, `${path}${key}.`) : [`${path}${key}`],
  );
}
function textsOf(node: Node): string[] {
  return Object.values(node).flatMap((value) =>
    typeof value === 'object'
      ? textsOf(value)
      : [typeof value === 'string' ? value : value(...(['3', '3', '3'] as never[]))],
  );
}

describe('catalogue', () => {
  it('is complete in both languages', () => {
    expect(keysOf(ja as unknown as Node)).toEqual(keysOf(en as unknown as Node));
    for (const text of [...textsOf(en as unknown as Node), ...textsOf(ja as unknown as Node)]) {
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    }
  });
  it('the Japanese one is Japanese', () => {
    const same = keysOf(en as unknown as Node).filter(
      (_, i) => textsOf(en as unknown as Node)[i] === textsOf(ja as unknown as Node)[i],
    );
    expect(same).toEqual(['keys.enter', 'keys.tab', 'keys.up']);
  });
  it('has words for every failure', () => {
    expect(Object.keys(en.failures).length).toBeGreaterThan(40);
  });
});

describe('language', () => {
  it('is the kept choice, else the first of the browser that we speak', () => {
    expect(preferredLanguage(['fr-FR', 'ja-JP', 'en'], null)).toBe('ja');
    expect(preferredLanguage(['en-GB', 'ja'], null)).toBe('en');
    expect(preferredLanguage(['fr'], null)).toBe('en');
    expect(preferredLanguage(['en'], 'ja')).toBe('ja');
    expect(preferredLanguage(['ja'], 'nonsense')).toBe('ja');
  });
});

describe('days', () => {
  beforeAll(() => speak('en'));
  const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();
  it('begin at midnight of this device', () => {
    expect(dayOf(at(2026, 10, 26, 23, 59))).toBe(20_261_126);
    expect(dayOf(at(2026, 10, 27, 0, 0))).toBe(20_261_127);
    expect(daysAgo(at(2026, 10, 26, 23, 59), at(2026, 10, 27, 0, 1))).toBe(1);
    expect(daysAgo(at(2026, 10, 27, 0, 0), at(2026, 10, 27, 23, 59))).toBe(0);
    expect(untilMidnight(at(2026, 10, 26, 23, 59))).toBe(60_000);
  });
  it('are counted over the ends of months, years and summer time', () => {
    expect(daysAgo(at(2026, 11, 31, 12), at(2027, 0, 1, 1))).toBe(1);
    for (let day = 0; day < 400; day++) expect(daysAgo(at(2026, 0, 1 + day, 23), at(2026, 0, 2 + day, 1))).toBe(1);
  });
  it('are named', async () => {
    const now = at(2026, 10, 26, 12);
    expect(dayLabel(now, now)).toBe('Today');
    expect(dayLabel(at(2026, 10, 25, 1), now)).toBe('Yesterday');
    expect(dayLabel(at(2026, 10, 20, 1), now)).toBe('Friday, November 20');
    expect(dayLabel(at(2025, 10, 20, 1), now)).toBe('Thursday, November 20, 2025');
    expect(shortTime(at(2026, 10, 23, 1), now)).toBe('Mon');
    expect(relative(now + 3 * 86_400_000, now)).toBe('in 3 days');
    await speak('ja');
    expect(dayLabel(now, now)).toBe('今日');
    expect(dayLabel(at(2026, 10, 25, 1), now)).toBe('昨日');
    expect(dayLabel(at(2025, 10, 20, 1), now)).toBe('2025年11月20日木曜日');
  });
});

describe('handles', () => {
  it('are 2 to 24 of a-z, 0-9 and underscore', () => {
    expect([
      handleFault('ab'),
      handleFault('a'),
      handleFault('a'.repeat(24)),
      handleFault('a'.repeat(25)),
      handleFault('Ab'),
      handleFault('a-b'),
      handleFault('縁結び'),
    ]).toEqual([undefined, 'short', undefined, 'long', 'characters', 'characters', 'characters']);
  });
  it('are proposed from names, and mended while typed', () => {
    expect([
      handleFrom('Mio Tanaka'),
      handleFrom('小春'),
      handleFrom('Zoë'),
      handleFrom('  -x- '),
      handleFrom('A'),
    ]).toEqual(['mio_tanaka', '', 'zoe', '', '']);
    expect([asHandle('Ｋｏｈａｒｕ'), asHandle('@ren'), asHandle('a b')]).toEqual(['koharu', 'ren', 'a_b']);
  });
});

describe('rows', () => {
  const message = (author: string, atMs: number, more: Partial<Message> = {}): Message => ({
    kind: 'message',
    key: `s${atMs}`,
    seq: 1,
    author: { id: author, handle: author, name: author, hue: 0, pictureId: '' },
    mine: false,
    deviceName: '',
    atMs,
    text: 'x',
    deleted: false,
    editedAtMs: 0,
    edits: 0,
    mentionsMe: false,
    mentions: [],
    mentionsAll: false,
    reactions: [],
    pinned: false,
    starred: false,
    clientId: '',
    changing: false,
    ...more,
  });
  const noon = new Date(2026, 10, 26, 12).getTime();
  it('run on by the same author within five minutes of one day', () => {
    expect(lookOf(message('a', noon + 1000), message('a', noon), undefined)).toEqual({
      day: 0,
      heads: false,
      timed: true,
    });
    expect(lookOf(message('b', noon + 1000), message('a', noon), undefined).heads).toBe(true);
    expect(lookOf(message('a', noon + 400_000), message('a', noon), undefined).heads).toBe(true);
    expect(lookOf(message('a', noon, { replyTo: { seq: 1 } }), message('a', noon), undefined).heads).toBe(true);
  });
  it('name a day where it begins, not behind what is not here yet', () => {
    const midnight = new Date(2026, 10, 27).getTime();
    expect(lookOf(message('a', midnight), message('a', midnight - 1), undefined).day).toBe(midnight);
    expect(lookOf(message('a', noon), undefined, undefined).day).toBe(noon);
    expect(lookOf(message('a', noon), { kind: 'unloaded', key: 's0', seq: 1 }, undefined).day).toBe(0);
  });
  it('show the time once for a minute', () => {
    expect(lookOf(message('a', noon), undefined, message('a', noon + 1000)).timed).toBe(false);
    expect(lookOf(message('a', noon), undefined, message('a', noon + 61_000)).timed).toBe(true);
    expect(lookOf(message('a', noon), undefined, message('b', noon + 1000)).timed).toBe(true);
  });
  it('of those whom I block take no room', () => {
    expect(isSeen({ kind: 'muffled', key: 's1', seq: 1, author: message('a', 0).author })).toBe(false);
    expect(isSeen(message('a', 0))).toBe(true);
  });
});

describe('reading', () => {
  it('takes a second on screen, with somebody there', () => {
    const dwell = new Dwell();
    expect(dwell.look([5, 6], 0, true)).toBe(0);
    expect(dwell.look([5, 6], 999, true)).toBe(0);
    expect(dwell.look([5, 6], 1000, true)).toBe(6);
  });
  it('begins anew for what was scrolled away, and when one looks away', () => {
    const dwell = new Dwell();
    dwell.look([5], 0, true);
    dwell.look([6], 500, true);
    expect(dwell.look([5, 6], 1400, true)).toBe(0);
    expect(dwell.look([5, 6], 1500, true)).toBe(6);
    expect(dwell.look([5, 6], 9000, false)).toBe(0);
    expect(dwell.look([5, 6], 9001, true)).toBe(0);
  });
});

describe('places', () => {
  it('of the page go into the address and come back', () => {
    const chat = '0123456789abcdef0123456789abcdef';
    for (const route of [
      { kind: 'list' },
      { kind: 'chat', chat },
      { kind: 'chat', chat, seq: 7 },
      { kind: 'people' },
      { kind: 'devices' },
    ] as const)
      expect(routeOf(hashOf(route))).toEqual(route);
    for (const hash of ['', '#', '#/x', '#i=secret', '#/c/xyz', '#/c/' + chat + '/0x'])
      expect(routeOf(hash).kind).toBe('list');
  });
  it('in the picture of ties do not meet', () => {
    for (const count of [1, 2, 7, 8, 20, 60]) {
      const spots = spotsFor(count);
      expect(spots).toHaveLength(count);
      expect(spots[0]!.x).toBe(0);
      for (let i = 0; i < count; i++)
        for (let j = 0; j < i; j++)
          expect(Math.hypot(spots[i]!.x - spots[j]!.x, spots[i]!.y - spots[j]!.y)).toBeGreaterThan(70);
      const { x, y, width, height } = frameOf(spots);
      for (const spot of spots)
        expect(spot.x > x && spot.x < x + width && spot.y > y && spot.y < y + height).toBe(true);
    }
  });
});

describe('devices and pictures', () => {
  it('have a name to begin with', () => {
    expect(deviceNameFor('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 5)).toBe('iPhone');
    expect(deviceNameFor('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari/605', 5)).toBe('iPad');
    expect(deviceNameFor('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18 Safari/605', 0)).toBe(
      'Safari (Mac)',
    );
    expect(deviceNameFor('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36', 0)).toBe(
      'Chrome (Linux)',
    );
    expect(deviceNameFor('Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537.36', 5)).toBe('Android');
  });
  it('are cut to the middle', () => {
    expect(squareOf(300, 200)).toEqual({ x: 50, y: 0, side: 200 });
    expect(squareOf(199, 300)).toEqual({ x: 0, y: 50, side: 199 });
  });
});
