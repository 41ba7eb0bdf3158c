import { describe, expect, it } from 'vitest';
import { pointsBefore, unitsBefore } from '../../src/ui/composer/caret';
import { candidatesFor, completed, queryAt } from '../../src/ui/composer/completion';
import { belongsToInputMethod, meaningOf, type ComposerState, type Key } from '../../src/ui/composer/keys';
import { roomFor } from '../../src/ui/composer/length';

const key = (name: string, more: Partial<Key> = {}): Key => ({
  key: name,
  keyCode: name === 'Enter' ? 13 : 0,
  isComposing: false,
  timeStamp: 10_000,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});
const state = (more: Partial<ComposerState> = {}): ComposerState => ({
  enterSends: true,
  composing: false,
  compositionEndedAt: -Infinity,
  empty: false,
  completing: false,
  ...more,
});

describe('Enter', () => {
  it('sends, with Shift it breaks; turned round the other way', () => {
    expect(meaningOf(key('Enter'), state())).toBe('send');
    expect(meaningOf(key('Enter', { shiftKey: true }), state())).toBe('break');
    expect(meaningOf(key('Enter'), state({ enterSends: false }))).toBe('break');
    expect(meaningOf(key('Enter', { shiftKey: true }), state({ enterSends: false }))).toBe('send');
    expect(meaningOf(key('Enter', { ctrlKey: true }), state({ enterSends: false }))).toBe('send');
    expect(meaningOf(key('Enter', { metaKey: true }), state())).toBe('send');
  });
  it('never sends while kana are converted', () => {
    // Chrome, Firefox: keydown with isComposing, then compositionend.
    expect(meaningOf(key('Enter', { isComposing: true, keyCode: 229 }), state({ composing: true }))).toBe('nothing');
    // Safari: compositionend first, then a keydown with keyCode 229 and isComposing false.
    expect(meaningOf(key('Enter', { keyCode: 229 }), state({ compositionEndedAt: 9_998 }))).toBe('nothing');
    // Safari versions that report 13: only the order in time tells.
    expect(meaningOf(key('Enter'), state({ compositionEndedAt: 9_998 }))).toBe('nothing');
    // An older Edge: isComposing false in between.
    expect(meaningOf(key('Enter'), state({ composing: true }))).toBe('nothing');
    // The next Enter of a hand sends.
    expect(meaningOf(key('Enter'), state({ compositionEndedAt: 9_900 }))).toBe('send');
    expect(meaningOf(key('Enter', { isComposing: true }), state({ completing: true }))).toBe('nothing');
    expect(belongsToInputMethod(key('Process', { keyCode: 229 }), state())).toBe(true);
  });
});

describe('other keys', () => {
  it('arrow-up edits the last message only in an empty field', () => {
    expect(meaningOf(key('ArrowUp'), state({ empty: true }))).toBe('editLast');
    expect(meaningOf(key('ArrowUp'), state())).toBe('nothing');
    expect(meaningOf(key('ArrowUp', { shiftKey: true }), state({ empty: true }))).toBe('nothing');
  });
  it('belong to the list of names while it is open', () => {
    const open = state({ completing: true });
    expect(['Tab', 'Enter', 'ArrowDown', 'ArrowUp', 'Escape', 'a'].map((name) => meaningOf(key(name), open))).toEqual([
      'complete',
      'complete',
      'next',
      'previous',
      'leave',
      'nothing',
    ]);
    expect(meaningOf(key('Tab'), state())).toBe('nothing');
  });
});

describe('mentions while typing', () => {
  it('begin where a word begins', () => {
    expect(queryAt('hi @re', 6)).toEqual({ from: 3, query: 're' });
    expect(queryAt('やあ@', 3)).toEqual({ from: 2, query: '' });
    expect(queryAt('mail@re', 7)).toBeUndefined();
    expect(queryAt('@re more', 8)).toBeUndefined();
    expect(queryAt('@@re', 4)).toBeUndefined();
  });
  it('are put in with a space, the caret behind it', () => {
    expect(completed('hi @re', { from: 3, query: 're' }, 6, 'ren')).toEqual({ text: 'hi @ren ', caret: 8 });
    expect(completed('@re you', { from: 0, query: 're' }, 3, 'ren')).toEqual({ text: '@ren you', caret: 5 });
  });
  it('find handles first, then names', () => {
    const people = [
      { handle: 'mio', name: 'Ren fan' },
      { handle: 'ren', name: '蓮' },
      { handle: 'hal', name: 'Hal' },
    ];
    expect(candidatesFor('ren', people).map((one) => one.handle)).toEqual(['ren', 'mio']);
  });
});

describe('carets', () => {
  it('count code points outside, units inside', () => {
    const text = 'a😀縁😀';
    for (let points = 0; points <= 4; points++) expect(pointsBefore(text, unitsBefore(text, points))).toBe(points);
    expect([unitsBefore(text, 2), pointsBefore(text, 3), unitsBefore(text, 99)]).toEqual([3, 2, 6]);
  });
});

describe('the limit', () => {
  it('is in bytes, and told when it is near', () => {
    expect(roomFor('あ', 16_384).near).toBe(false);
    expect(roomFor('あ'.repeat(5200), 16_384)).toEqual({ left: 784, near: true });
    expect(roomFor('あ'.repeat(5462), 16_384).left).toBe(-2);
    expect(roomFor('a'.repeat(15_000), 16_384).near).toBe(false);
    expect(roomFor('a'.repeat(15_400), 16_384).near).toBe(true);
  });
});
