// What people are called on the screen.
import { computed } from '@preact/signals';
import type { ChatRow, Person } from '../../app/client';
import { t } from '../../i18n/language';
import { client } from '../shell/session';
import { shownControls } from '../text/tokens';

/** Display name, or the handle where I may not know the name. Never empty, no characters that act unseen. */
export function nameOf(person: { readonly name: string; readonly handle: string }): string {
  return shownControls(person.name).trim() || `@${person.handle}`;
}

// People seen in groups without being tied to them: their names come with their messages and with member lists.
const met = new Map<string, Person>();

export function meet(person: Person): void {
  met.set(person.handle, person);
}

const tied = computed(() => {
  const people = new Map<string, Person>();
  for (const tie of client().ties.value) people.set(tie.handle, tie);
  for (const row of client().chats.value) if (row.peer) people.set(row.peer.handle, row.peer);
  const me = client().me.value;
  if (me) people.set(me.handle, me);
  return people;
});

export function personOf(handle: string): Person | undefined {
  return tied.value.get(handle) ?? met.get(handle);
}

/** For a handle of which only the handle came. */
export function nameOfHandle(handle: string): string {
  const person = personOf(handle);
  return person ? nameOf(person) : `@${handle}`;
}

/** As `nameOfHandle`, but "you" for oneself. */
export function nameOrYou(handle: string): string {
  return handle === client().me.value?.handle ? t().you : nameOfHandle(handle);
}

export function chatName(row: Pick<ChatRow, 'kind' | 'title' | 'peer'>): string {
  if (row.kind === 'self') return t().list.self;
  if (row.kind === 'group') return shownControls(row.title).trim() || t().list.title;
  return row.peer ? nameOf(row.peer) : t().somebody;
}
