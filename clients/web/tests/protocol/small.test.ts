import { expect, test } from 'vitest';
import { linkIn, linkOf } from '../../src/app/act/links';
import { codeHash, makeCodes, normalCode, pairingDigits } from '../../src/app/act/secrets';
import { Backoff } from '../../src/protocol/backoff';
import { bytesOf, fromBase64Url, fromHex, toBase64Url, toHex } from '../../src/protocol/bytes';
import { codeOfClose, nameOf, reactionTo } from '../../src/protocol/codes';
import { forEachSeed } from '../random';

test('bytes as texts and back', () => {
  forEachSeed(200, (random) => {
    const bytes = Uint8Array.from({ length: random.below(30) }, () => random.below(256));
    expect([...fromHex(toHex(bytes))]).toEqual([...bytes]);
    expect([...fromBase64Url(toBase64Url(bytes))!]).toEqual([...bytes]);
  });
  // Bits over at the end would give one secret two texts.
  expect(fromBase64Url('AB')).toBeUndefined();
  expect(fromBase64Url('A+')).toBeUndefined();
});

test('dialling again: within a growing bound, what GoAway said, anew after a stable minute', () => {
  const backoff = new Backoff(() => 0.999999);
  expect([0, 1, 2, 3].map(() => backoff.onClosed(0))).toEqual([500, 1000, 2000, 4000]);
  for (let i = 0; i < 10; i += 1) backoff.onClosed(0);
  expect(backoff.onClosed(0)).toBe(30_000);
  backoff.onProven(0);
  expect(backoff.onClosed(59_999)).toBe(30_000);
  backoff.onProven(100_000);
  backoff.onGoAway(1234);
  expect(backoff.onClosed(160_000)).toBe(1234);
  expect(backoff.onClosed(160_000)).toBe(1000);
});

test('codes', () => {
  expect([100, 201, 300, 402, 500].map(reactionTo)).toEqual(['refused', 'later', 'resume', 'prove', 'stop']);
  expect([1006, 4000, 4100, 4500, 4700].map(codeOfClose)).toEqual([0, 0, 100, 500, 0]);
  expect([nameOf(100), nameOf(500), nameOf(199)]).toEqual(['not_found', 'device_revoked', 'unknown']);
});

test('links', () => {
  const secret = toBase64Url(new Uint8Array(16).fill(7));
  expect(linkOf(`#i=${secret}`)).toEqual({ kind: 'invitation', secret: '07'.repeat(16) });
  expect(linkOf(`#p=${secret}`)).toMatchObject({ kind: 'pairing' });
  expect(linkOf(`#i=${secret.slice(1)}`)).toEqual({ kind: 'broken' });
  expect(linkOf('#elsewhere')).toEqual({ kind: 'none' });
  expect(linkIn(` https://a.example/#i=${secret} `, 'https://a.example')).toMatchObject({ kind: 'invitation' });
  expect(linkIn(`https://b.example/#i=${secret}`, 'https://a.example')).toBe('foreign');
});

test('recovery codes and digits', () => {
  const codes = makeCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(normalCode(code.toLowerCase().replaceAll('0', 'o'))).toBe(code.replaceAll('-', ''));
  expect(normalCode('AAAAA')).toBeUndefined();
  expect(codeHash('A'.repeat(20)).length).toBe(32);
  expect(pairingDigits(bytesOf('0123456789abcdef'), new Uint8Array(32), new Uint8Array(32).fill(1))).toMatch(/^\d{6}$/);
});
