// The rule of handles, as the daemon has it: 2 to 24 of a-z, 0-9 and underscore.

export type HandleFault = 'short' | 'long' | 'characters';

export function handleFault(handle: string): HandleFault | undefined {
  if (/[^a-z0-9_]/.test(handle)) return 'characters';
  if (handle.length < 2) return 'short';
  if (handle.length > 24) return 'long';
  return undefined;
}

/** A handle to begin with, from a name in Latin letters; empty when nothing of it fits. */
export function handleFrom(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
  const handle = plain
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 24);
  return handleFault(handle) ? '' : handle;
}

/** What a person types, made to fit without surprise: full-width letters and capitals become what was meant. */
export function asHandle(typed: string): string {
  return typed
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^@/, '')
    .replace(/[\s-]+/g, '_');
}
