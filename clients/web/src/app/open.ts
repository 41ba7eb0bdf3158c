import type { Client } from './client';

/** The one client of this page. Returns at once. */
export function openClient(): Client {
  throw new Error('the engine is being built');
}
