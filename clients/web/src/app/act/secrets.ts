// Codes that people compare or copy: loaded when they are needed, with BLAKE2b. The same as clients/cpp/secrets.cc.
import { blake2b } from '@noble/hashes/blake2.js';
import { randomBytes } from '../../protocol/bytes';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeCharacters = 20;
const codes = 10;

/** The six digits of PairPresented (member.proto). */
export function pairingDigits(secret: Uint8Array, offererKey: Uint8Array, newcomerKey: Uint8Array): string {
  const both = new Uint8Array(offererKey.length + newcomerKey.length);
  both.set(offererKey);
  both.set(newcomerKey, offererKey.length);
  const hash = blake2b(both, { dkLen: 8, key: secret });
  const number = new DataView(hash.buffer, hash.byteOffset, 8).getBigUint64(0, true);
  return (number % 1_000_000n).toString().padStart(6, '0');
}

/** Ten codes of 20 characters in four groups; 32 characters of the alphabet, so that five bits of a byte are even. */
export function makeCodes(): string[] {
  return Array.from({ length: codes }, () =>
    Array.from(randomBytes(codeCharacters), (byte) => crockford[byte & 31]!)
      .join('')
      .replace(/(.{5})(?=.)/g, '$1-'),
  );
}

/** The 20 upper-case characters of a code as typed: dashes, spaces and case do not matter, O reads as 0, I and L as 1. */
export function normalCode(typed: string): string | undefined {
  const code = typed.replace(/[-\s]/g, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
  return code.length === codeCharacters && [...code].every((each) => crockford.includes(each)) ? code : undefined;
}

/** What RecoveryCodesMake.hashes holds. */
export const codeHash = (normal: string): Uint8Array => blake2b(new TextEncoder().encode(normal), { dkLen: 32 });
