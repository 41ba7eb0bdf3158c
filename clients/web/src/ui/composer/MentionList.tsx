import { batch, useComputed, useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { Conversation } from '../../app/client';
import { t } from '../../i18n/language';
import { meet, nameOf } from '../elements/names';
import { client } from '../shell/session';
import { candidatesFor, queryAt, type Candidate, type Query } from './completion';

export interface Mentioning {
  readonly query: Signal<Query | undefined>;
  readonly chosen: Signal<number>;
  readonly found: ReadonlySignal<readonly Candidate[]>;
  readonly open: ReadonlySignal<boolean>;
  look(text: string, caret: number): void;
  step(by: number): void;
  choice(): string;
  close(): void;
}

// Members come and go: who was asked for longer ago is asked for again.
const freshMs = 60_000;

async function peopleOf(conversation: Conversation): Promise<readonly Candidate[] | undefined> {
  const row = conversation.row.peek();
  if (row?.peer) return [{ handle: row.peer.handle, name: nameOf(row.peer) }];
  if (row?.kind !== 'group') return [];
  const outcome = await client().members(conversation.id);
  if (!outcome.ok) return undefined;
  for (const member of outcome.value) meet(member);
  const me = client().me.peek()?.handle;
  const others = outcome.value.filter((member) => member.handle !== me);
  return [
    ...others.map((member) => ({ handle: member.handle, name: nameOf(member) })),
    { handle: 'all', name: t().composer.everybody },
  ];
}

const lookBackMax = 300;

/** Without a connection: those who wrote here lately. */
function writersIn(conversation: Conversation): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (let i = conversation.count - 1; i >= 0 && i >= conversation.count - lookBackMax; i--) {
    const item = conversation.at(i);
    if (item?.kind === 'message' && !item.mine)
      found.set(item.author.handle, { handle: item.author.handle, name: nameOf(item.author) });
  }
  return [...found.values(), { handle: 'all', name: t().composer.everybody }];
}

export function useMentions(conversation: Conversation): Mentioning {
  const query = useSignal<Query | undefined>(undefined);
  const chosen = useSignal(0);
  const people = useSignal<readonly Candidate[]>([]);
  const asked = useRef(-Infinity);
  const load = () => {
    if (performance.now() - asked.current < freshMs) return;
    asked.current = performance.now();
    void peopleOf(conversation).then((list) => {
      people.value = list ?? writersIn(conversation);
      if (!list) asked.current = -Infinity; // not to be had now: the next key asks again
    });
  };
  const found = useComputed(() => (query.value ? candidatesFor(query.value.query, people.value) : []));
  const open = useComputed(() => found.value.length > 0);
  return useMemo(
    () => ({
      query,
      chosen,
      found,
      open,
      look: (text, caret) =>
        batch(() => {
          query.value = queryAt(text, caret);
          if (query.value) load();
          chosen.value = 0;
        }),
      step: (by) => {
        const count = found.peek().length;
        chosen.value = (chosen.peek() + by + count) % count;
      },
      choice: () => found.peek()[chosen.peek()]?.handle ?? '',
      close: () => {
        query.value = undefined;
      },
    }),
    [],
  );
}

export function MentionList(props: { mentioning: Mentioning; onChoose: (handle: string) => void }) {
  const { found, chosen } = props.mentioning;
  if (found.value.length === 0) return null;
  return (
    <ul class="mention-list" id="mention-list" role="listbox" aria-label={t().composer.names}>
      {found.value.map((one, index) => (
        <li
          id={`mention-${index}`}
          role="option"
          aria-selected={index === chosen.value}
          onMouseDown={(event) => {
            event.preventDefault(); // the field keeps the focus
            props.onChoose(one.handle);
          }}
        >
          <bdi>{one.name}</bdi> <span class="hint">@{one.handle}</span>
        </li>
      ))}
    </ul>
  );
}
