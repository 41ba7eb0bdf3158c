import '../../styles/people.css';
import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { Id, Member } from '../../app/client';
import { t } from '../../i18n/language';
import { ask } from '../elements/ask';
import { openDialog } from '../elements/dialogs';
import { Field } from '../elements/Field';
import { meet, nameOf } from '../elements/names';
import { Seal } from '../elements/Seal';
import { tell, wordsFor } from '../elements/say';
import { client } from '../shell/session';

/** Who is in a group, and what its owner and its members may do. */
export function openMembers(chat: Id): void {
  openDialog({ label: t().groups.members, render: (close) => <Members chat={chat} close={close} /> });
}

interface Known {
  readonly members: readonly Member[];
  readonly fault?: string;
}

function Members(props: { chat: Id; close: () => void }) {
  const { chat } = props;
  const known = useSignal<Known | undefined>(undefined);
  const load = () =>
    void client()
      .members(chat)
      .then((outcome) => {
        if (outcome.ok) outcome.value.forEach(meet);
        known.value = outcome.ok ? { members: outcome.value } : { members: [], fault: wordsFor(outcome.failure) };
      });
  useEffect(load, [chat]);
  const words = t().groups;
  const me = client().me.value?.handle;
  const owner = known.value?.members.some((member) => member.owner && member.handle === me) ?? false;
  return (
    <div class="members">
      <h2>{words.members}</h2>
      {!known.value && <p role="status">{t().loading}</p>}
      {known.value?.fault && (
        <p class="fault" role="alert">
          {known.value.fault}
        </p>
      )}
      <ul class="people">
        {known.value?.members.map((member) => (
          <li class="person" key={member.handle}>
            <Seal person={member} size="s" chat={chat} />
            <div class="person-name">
              <bdi>{nameOf(member)}</bdi>
              <span class="hint">
                @{member.handle}
                {member.owner ? ` · ${words.owner}` : ''}
              </span>
            </div>
            {owner && member.handle !== me && (
              <button type="button" class="button" onClick={() => void remove(chat, member).then(load)}>
                {words.remove}
              </button>
            )}
          </li>
        ))}
      </ul>
      {known.value && !known.value.fault && (
        <>
          <Add chat={chat} members={known.value.members} done={load} />
          <Rename chat={chat} />
          <Leave chat={chat} members={known.value.members} owner={owner} left={props.close} />
        </>
      )}
      <div class="row-end">
        <button type="button" class="button" onClick={props.close}>
          {t().close}
        </button>
      </div>
    </div>
  );
}

async function remove(chat: Id, member: Member): Promise<void> {
  const words = t().groups;
  if (
    await ask({ title: words.removeAsk(nameOf(member)), text: words.removeExplain, yes: words.removeYes, danger: true })
  ) {
    await tell(client().removeMember(chat, member.handle));
  }
}

function Add(props: { chat: Id; members: readonly Member[]; done: () => void }) {
  const words = t().groups;
  const inside = new Set(props.members.map((member) => member.handle));
  const ties = client().ties.value.filter((tie) => tie.tie === 'mutual' && !tie.blocked && !inside.has(tie.handle));
  return (
    <section class="part">
      <h3>{words.add}</h3>
      {ties.length === 0 && <p class="hint">{words.addNone}</p>}
      <ul class="people">
        {ties.map((tie) => (
          <li class="person" key={tie.handle}>
            <Seal person={tie} size="s" />
            <div class="person-name">
              <bdi>{nameOf(tie)}</bdi>
              <span class="hint">@{tie.handle}</span>
            </div>
            <button
              type="button"
              class="button"
              aria-label={`${words.add}: ${nameOf(tie)}`}
              onClick={() => void tell(client().addMember(props.chat, tie.handle)).then(props.done)}
            >
              {words.add}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rename(props: { chat: Id }) {
  const row = client().chats.value.find((chat) => chat.id === props.chat);
  const title = useSignal(row?.title ?? '');
  const words = t().groups;
  const changed = title.value.trim() !== '' && title.value.trim() !== row?.title;
  return (
    <form
      class="part"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void tell(client().setTitle(props.chat, title.value.trim()));
      }}
    >
      <Field
        label={words.title}
        value={title.value}
        onValue={(value) => {
          title.value = value;
        }}
        input={{ maxLength: 128, autocomplete: 'off' }}
        after={
          <button type="submit" class="button" disabled={!changed}>
            {words.rename}
          </button>
        }
      />
    </form>
  );
}

function Leave(props: { chat: Id; members: readonly Member[]; owner: boolean; left: () => void }) {
  const successor: Signal<string> = useSignal('');
  const id = useId();
  const words = t().groups;
  const me = client().me.value?.handle;
  const others = props.members.filter((member) => member.handle !== me);
  const leave = async () => {
    if (!(await ask({ title: words.leaveAsk, text: words.leaveExplain, yes: words.leaveYes, danger: true }))) return;
    const outcome = await tell(client().leaveGroup(props.chat, successor.value || undefined));
    if (outcome.ok) props.left();
  };
  return (
    <section class="part">
      {props.owner && others.length > 0 && (
        <div class="field">
          <label for={id}>{words.leaveOwner}</label>
          <select
            id={id}
            value={successor.value}
            onChange={(event) => {
              successor.value = event.currentTarget.value;
            }}
          >
            <option value="">{words.leaveOldest}</option>
            {others.map((member) => (
              <option value={member.handle}>{nameOf(member)}</option>
            ))}
          </select>
        </div>
      )}
      <button type="button" class="button button-danger" onClick={() => void leave()}>
        {words.leave}
      </button>
    </section>
  );
}
