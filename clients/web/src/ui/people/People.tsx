import { useComputed, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Tie } from '../../app/client';
import { plainDate } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { asHandle, handleFault } from '../door/handle';
import { ask } from '../elements/ask';
import { Field } from '../elements/Field';
import { Icon } from '../elements/Icon';
import { IconButton } from '../elements/IconButton';
import { openMenu, type MenuItem } from '../elements/Menu';
import { nameOf } from '../elements/names';
import { Page } from '../elements/Page';
import { Seal } from '../elements/Seal';
import { say, tell } from '../elements/say';
import { presenceWords } from '../conversation/ChatHead';
import { go } from '../shell/route';
import { client } from '../shell/session';

export function People() {
  const ties = client().ties.value;
  const words = t().people;
  const of = (test: (tie: Tie) => boolean) => ties.filter(test);
  const asksIn = of((tie) => tie.tie === 'asked_in' && !tie.blocked);
  const mutual = of((tie) => tie.tie === 'mutual' && !tie.blocked);
  return (
    <Page title={words.title}>
      <div class="page-ways">
        <button type="button" class="button" onClick={() => go({ kind: 'invite' })}>
          <Icon name="invite" small />
          {t().invite.title}
        </button>
        <button type="button" class="button" onClick={() => go({ kind: 'newGroup' })}>
          <Icon name="group" small />
          {t().groups.newTitle}
        </button>
        <button type="button" class="button" onClick={() => go({ kind: 'map' })}>
          <Icon name="map" small />
          {words.map}
        </button>
      </div>
      {asksIn.length > 0 && (
        <Section title={words.asksIn}>
          {asksIn.map((tie) => (
            <AskIn key={tie.handle} tie={tie} />
          ))}
        </Section>
      )}
      <Section title={words.ties}>
        {mutual.map((tie) => (
          <Mutual key={tie.handle} tie={tie} />
        ))}
        {mutual.length === 0 && <li class="hint">{words.none}</li>}
      </Section>
      <AskForm />
      <Rest
        title={words.asksOut}
        ties={of((tie) => tie.tie === 'asked_out' && !tie.blocked)}
        action={(tie) => (
          <button type="button" class="button" onClick={() => void tell(client().endTie(tie.handle))}>
            {words.withdraw}
          </button>
        )}
      />
      <Rest
        title={words.ended}
        ties={of((tie) => tie.tie === 'ended' && !tie.blocked)}
        action={(tie) => (
          <button type="button" class="button" onClick={() => void tell(client().ask(tie.handle))}>
            {words.askAgain}
          </button>
        )}
      />
      <Rest
        title={words.blocked}
        ties={of((tie) => tie.blocked)}
        action={(tie) => (
          <button type="button" class="button" onClick={() => void tell(client().unblock(tie.handle))}>
            {words.unblock}
          </button>
        )}
      />
    </Page>
  );
}

function Section(props: { title: string; children: ComponentChildren }) {
  return (
    <section class="part">
      <h2>{props.title}</h2>
      <ul class="people">{props.children}</ul>
    </section>
  );
}

function Rest(props: { title: string; ties: readonly Tie[]; action: (tie: Tie) => ComponentChildren }) {
  if (props.ties.length === 0) return null;
  return (
    <Section title={props.title}>
      {props.ties.map((tie) => (
        <li class="person" key={tie.handle}>
          <Who tie={tie} under={`@${tie.handle}`} />
          <div class="person-acts">{props.action(tie)}</div>
        </li>
      ))}
    </Section>
  );
}

function Who(props: { tie: Tie; under: string; online?: boolean }) {
  return (
    <>
      <Seal person={props.tie} online={props.online ?? false} />
      <div class="person-name">
        <bdi>{nameOf(props.tie)}</bdi>
        <span class="hint">
          <bdi>{props.under}</bdi>
        </span>
      </div>
    </>
  );
}

function AskIn(props: { tie: Tie }) {
  const { tie } = props;
  const words = t().people;
  return (
    <li class="person">
      <Who tie={tie} under={`@${tie.handle}`} />
      <div class="person-acts">
        <button
          type="button"
          class="button"
          title={words.declineHint}
          onClick={() => void tell(client().decline(tie.handle))}
        >
          {words.decline}
        </button>
        <button type="button" class="button button-strong" onClick={() => void tell(client().accept(tie.handle))}>
          {words.accept}
        </button>
      </div>
    </li>
  );
}

function Mutual(props: { tie: Tie }) {
  const { tie } = props;
  const presence = useComputed(() => client().presence.value.get(tie.handle));
  const words = t().people;
  const facts = [`@${tie.handle}`];
  if (tie.isInviter) facts.push(words.inviter);
  facts.push(
    presence.value && presence.value.state !== 'unknown'
      ? presenceWords(presence.value)
      : words.since(plainDate(tie.sinceMs)),
  );
  return (
    <li class="person">
      <Who tie={tie} under={facts.join(' · ')} online={presence.value?.state === 'active'} />
      <div class="person-acts">
        {tie.chat && (
          <button type="button" class="button" onClick={() => go({ kind: 'chat', chat: tie.chat! })}>
            {words.write}
          </button>
        )}
        <IconButton
          icon="more"
          label={`${t().more}: ${nameOf(tie)}`}
          menu
          onClick={(event) => openMenu(event.currentTarget, nameOf(tie), tieItems(tie))}
        />
      </div>
    </li>
  );
}

function tieItems(tie: Tie): MenuItem[] {
  const words = t().people;
  const name = nameOf(tie);
  const sure = async (title: string, text: string, yes: string, act: () => Promise<unknown>) => {
    if (await ask({ title, text, yes, danger: true })) await act();
  };
  return [
    {
      icon: 'close',
      label: words.endTie,
      danger: true,
      act: () => void sure(words.endAsk(name), words.endExplain, words.endYes, () => tell(client().endTie(tie.handle))),
    },
    {
      icon: 'muted',
      label: words.block,
      danger: true,
      act: () =>
        void sure(words.blockAsk(name), words.blockExplain, words.blockYes, () => tell(client().block(tie.handle))),
    },
  ];
}

function AskForm() {
  const handle = useSignal('');
  const words = t().people;
  const fault = handle.value === '' ? undefined : handleFault(handle.value);
  const send = async () => {
    const asked = handle.value;
    const outcome = await tell(client().ask(asked));
    if (!outcome.ok) return;
    handle.value = '';
    say(words.asked(asked));
  };
  return (
    <section class="part">
      <h2>{words.askTitle}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (handle.value !== '' && !fault) void send();
        }}
      >
        <Field
          label={words.askHandle}
          value={handle.value}
          hint={words.askExplain}
          fault={fault ? t().failures.bad_handle : undefined}
          onValue={(value, composing) => {
            handle.value = composing ? value : asHandle(value);
          }}
          input={{ autocomplete: 'off', autocapitalize: 'off', spellcheck: false, placeholder: 'handle' }}
          after={
            <button type="submit" class="button" disabled={handle.value === '' || fault !== undefined}>
              {words.askDo}
            </button>
          }
        />
      </form>
    </section>
  );
}
