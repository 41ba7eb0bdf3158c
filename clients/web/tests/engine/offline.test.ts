// A device that knows its account and has no daemon: what is typed and written is there all the same.
import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/app/engine';
import { openDatabase } from '../../src/store/database';
import { makeKey } from '../../src/store/identity';
import { RegisterKind } from '../../src/sync/records';
import { openDevice, until } from './device';

const member = { id: 'a'.repeat(32), handle: 'aki', name: 'Aki', hue: 0, pictureId: '' };
const peer = { id: 'b'.repeat(32), handle: 'ben', name: 'Ben', hue: 0, pictureId: '' };
const chats = ['1'.repeat(32), '2'.repeat(32)] as const;
// Nobody listens there.
const origin = 'http://127.0.0.1:9';

/** As it was left behind by a session of before. */
async function kept(database: string): Promise<void> {
  const store = await openDatabase(database, () => undefined);
  const identity = { origin, ...(await makeKey()), deviceId: 'd'.repeat(32), deviceName: 'web', member, inviter: '' };
  await store.put('meta', identity, 'identity');
  for (const id of chats)
    await store.put('registers', {
      kind: RegisterKind.membership,
      key: id,
      rseq: 1,
      removed: false,
      conversation: id,
      rev: 0,
      seq: 0,
      device: '',
      tie: 0,
      since: 1,
      text: '',
      conversationKind: 2,
      title: 'group',
      peer,
      intervals: [{ joined: 1, left: 0 }],
      messageSeq: 0,
      caret: 0,
      replyTo: 0,
    });
  store.close();
}
async function device(database: string): Promise<Engine> {
  await kept(database);
  const engine = openDevice({ origin, database });
  await until(() => engine.phase.value.kind === 'in', 'in');
  return engine;
}

test('what was typed offline is in the field when one comes back from another conversation', async () => {
  const aki = await device('offline-drafts');
  const first = aki.open(chats[0]);
  first.draft.focus(true);
  first.draft.input('half a sentence', 15);
  first.close();
  aki.open(chats[1]).close();
  const again = aki.open(chats[0]);
  expect(again.draft.view.value.text).toBe('half a sentence');
  expect(again.draft.view.value.saved).toBe(false);
  again.draft.input('half a sentence, and more', 25);
  again.close();
  await until(() => aki.chats.value.find((row) => row.id === chats[0])?.draft === 'half a sentence, and more', 'in the list');
  // Nor does the end of the tab lose it.
  aki.end();
  const next = openDevice({ origin, database: 'offline-drafts' });
  await until(() => next.phase.value.kind === 'in', 'in again');
  const recovered = next.open(chats[0]);
  await until(() => recovered.draft.view.value.text === 'half a sentence, and more', 'recovered');
  next.end();
});

test('what waits and what was refused are told apart', async () => {
  const store = await openDatabase('offline-outbox', () => undefined);
  const of = (clientId: string, state: 'queued' | 'committed' | 'rejected') => ({
    clientId,
    conversation: chats[0],
    change: { kind: 'send', body: state, replyTo: 0, draftRev: 0 } as const,
    at: 1,
    state,
    seq: 0,
    committedAt: 0,
    code: 0,
    detail: '',
  });
  for (const [i, state] of (['queued', 'queued', 'rejected', 'committed'] as const).entries())
    await store.add('outbox', of(`${i}`.repeat(32), state) as Parameters<typeof store.add<'outbox'>>[1]);
  store.close();
  const aki = await device('offline-outbox');
  // Of three that the daemon did not take one was refused: two wait.
  expect([aki.link.value.waiting, aki.link.value.refused]).toEqual([3, 1]);
  aki.end();
});
