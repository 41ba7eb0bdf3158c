// Links: ORIGIN/#i=SECRET invites, ORIGIN/#p=SECRET pairs. The secret stands behind the '#': no server ever sees it.
import { fromBase64Url, fromHex, toBase64Url, toHex } from '../../protocol/bytes';
import type { PageLink } from '../client';

const secretBytes = 16;

export function linkOf(hash: string): PageLink {
  const match = /^#([ip])=(.*)$/.exec(hash.trim());
  if (!match) return { kind: 'none' };
  const secret = fromBase64Url(match[2]!);
  if (secret?.length !== secretBytes) return { kind: 'broken' };
  return { kind: match[1] === 'i' ? 'invitation' : 'pairing', secret: toHex(secret) };
}

/** Of a pasted text; only its part behind '#' matters here. `foreign`: it is a link of another service. */
export function linkIn(text: string, origin: string): PageLink | 'foreign' {
  const at = text.indexOf('#');
  if (at < 0) return { kind: 'none' };
  const before = text.slice(0, at).trim().replace(/\/$/, '');
  if (before !== '' && before !== origin) return 'foreign';
  return linkOf(text.slice(at));
}

export const invitationLink = (origin: string, secret: string): string => `${origin}/#i=${toBase64Url(fromHex(secret))}`;
export const pairingLink = (origin: string, secret: string): string => `${origin}/#p=${toBase64Url(fromHex(secret))}`;
