// The one client of the page, for those who draw. Set once by main.tsx before anything is drawn.
import type { Client } from '../../app/client';

let current: Client | undefined;

export function setClient(client: Client): void {
  current = client;
}

export function client(): Client {
  if (!current) throw new Error('the client is not open yet');
  return current;
}
