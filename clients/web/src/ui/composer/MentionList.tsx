import { batch, useComputed, useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
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

export function useMentions(conversation: Conversation): Mentioning {
  const query = useSignal<Query | undefined>(undefined);
  const chosen = useSignal(0);
  const people = useSignal<readonly Candidate[]>([]);
  const kind = conversation.row.value?.kind;
  const count = conversation.head.value;
  useEffect(() => {
    const peer = conversation.row.peek()?.peer;
    if (kind === 'direct' && peer) people.value = [{ handle: peer.handle, name: nameOf(peer) }];
    if (kind !== 'group') return;
    void client().members(conversation.id).then((outcome) => {
      if (!outcome.ok) return;
      for (const member of outcome.value) meet(member);
      const me = client().me.peek()?.handle;
      const others = outcome.value.filter((member) => member.handle !== me).map((member) => ({ handle: member.handle, name: nameOf(member) }));
      people.value = [...others, { handle: 'all', name: t().composer.everybody }];
    });
  }, [conversation, kind, kind === 'group' && count === 0]);
  const found = useComputed(() => (query.value ? candidatesFor(query.value.query, people.value) : []));
  const open = useComputed(() => found.value.length > 0);
  return useMemo(() => ({
    query, chosen, found, open,
    look: (text, caret) => batch(() => {
      query.value = queryAt(text, caret);
      chosen.value = 0;
    }),
    step: (by) => {
      const count = found.peek().length;
      chosen.value = (chosen.peek() + by + count) % count;
    },
    choice: () => found.peek()[chosen.peek()]?.handle ?? '',
    close: () => { query.value = undefined; },
  }), []);
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
          onPointerDown={(event) => {
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
