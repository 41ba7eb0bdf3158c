import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { Invitation } from '../../app/client';
import { moment, number } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { Field } from '../elements/Field';
import { Icon } from '../elements/Icon';
import { nameOf } from '../elements/names';
import { Page } from '../elements/Page';
import { tell, wordsFor } from '../elements/say';
import { canShare, copy, shareText } from '../elements/share';
import { client } from '../shell/session';
import { shownControls } from '../text/tokens';
import { Qr } from './Qr';

type Listed = { known: readonly Invitation[] } | { fault: string } | undefined;

export function Invite() {
  const made = useSignal<Invitation | undefined>(undefined);
  const listed = useSignal<Listed>(undefined);
  const load = () => {
    void client()
      .invitations()
      .then((outcome) => {
        listed.value = outcome.ok ? { known: outcome.value } : { fault: wordsFor(outcome.failure) };
      });
  };
  useEffect(load, []);
  const words = t().invite;
  return (
    <Page title={words.title}>
      {made.value?.link ? (
        <Made
          link={made.value.link}
          another={() => {
            made.value = undefined;
          }}
        />
      ) : (
        <MakeForm
          onMade={(invitation) => {
            made.value = invitation;
            load();
          }}
        />
      )}
      <section class="part">
        <h2>{words.list}</h2>
        <InvitationList
          listed={listed}
          reload={load}
          show={(invitation) => {
            made.value = invitation;
          }}
        />
      </section>
    </Page>
  );
}

const hour = 3600;
const spans = [hour, 24 * hour, 7 * 24 * hour, 30 * 24 * hour] as const;
const noteMax = 200; // bytes, as the daemon takes
const usesMax = 1000;

function MakeForm(props: { onMade: (invitation: Invitation) => void }) {
  const note = useSignal('');
  const span = useSignal<number>(spans[2]);
  const uses = useSignal('1');
  const busy = useSignal(false);
  const id = useId();
  const words = t().invite;
  const usesNumber = /^\d{1,4}$/.test(uses.value) ? Number(uses.value) : 0;
  const fits = usesNumber >= 1 && usesNumber <= usesMax && new TextEncoder().encode(note.value).length <= noteMax;
  const make = async () => {
    busy.value = true;
    const outcome = await tell(client().invite({ uses: usesNumber, expiresInS: span.value, note: note.value.trim() }));
    busy.value = false;
    if (outcome.ok) props.onMade(outcome.value);
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (fits) void make();
      }}
    >
      <p>{words.explain}</p>
      <Field
        label={words.note}
        hint={words.noteHint}
        value={note.value}
        onValue={(value) => {
          note.value = value;
        }}
        input={{ autocomplete: 'off', maxLength: noteMax }}
      />
      <div class="field">
        <label for={id}>{words.expires}</label>
        <select
          id={id}
          value={String(span.value)}
          onChange={(event) => {
            span.value = Number(event.currentTarget.value);
          }}
        >
          {spans.map((seconds) => (
            <option value={String(seconds)}>
              {seconds < 24 * hour ? words.hours(seconds / hour) : words.days(seconds / (24 * hour))}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={words.uses}
        value={uses.value}
        onValue={(value) => {
          uses.value = value.normalize('NFKC').trim();
        }}
        input={{ inputMode: 'numeric', maxLength: 4, autocomplete: 'off', class: 'input-short' }}
      />
      <button type="submit" class="button button-strong" disabled={!fits || busy.value}>
        {words.make}
      </button>
    </form>
  );
}

function Made(props: { link: string; another: () => void }) {
  const words = t().invite;
  const me = client().me.value;
  return (
    <section class="made">
      <h2>{words.madeTitle}</h2>
      <Qr text={props.link} label={words.qr} />
      <p class="link-text">
        <code>{props.link}</code>
      </p>
      <div class="codes-ways">
        {canShare() && (
          <button
            type="button"
            class="button button-strong"
            onClick={() => void shareText(words.shareText(me ? nameOf(me) : ''), props.link)}
          >
            <Icon name="share" small />
            {t().share}
          </button>
        )}
        <button type="button" class="button" onClick={() => void copy(props.link)}>
          <Icon name="copy" small />
          {t().copy}
        </button>
        <button type="button" class="link-button" onClick={props.another}>
          {words.another}
        </button>
      </div>
      <p class="hint">{words.madeOnce}</p>
    </section>
  );
}

function InvitationList(props: { listed: Signal<Listed>; reload: () => void; show: (invitation: Invitation) => void }) {
  const words = t().invite;
  const listed = props.listed.value;
  if (!listed)
    return (
      <p class="hint" role="status">
        {t().loading}
      </p>
    );
  if ('fault' in listed)
    return (
      <p class="fault" role="alert">
        {listed.fault}
      </p>
    );
  if (listed.known.length === 0) return <p class="hint">{words.none}</p>;
  const revoke = (invitation: Invitation) => void tell(client().revokeInvitation(invitation.id)).then(props.reload);
  return (
    <ul class="people">
      {listed.known.map((invitation) => (
        <li class={invitation.state === 'open' ? 'person' : 'person person-faint'} key={invitation.id}>
          <div class="person-name">
            <bdi>{shownControls(invitation.note) || words.noNote}</bdi>
            <span class="hint">
              {words.usedOf(number(invitation.used), number(invitation.uses))} · {stateWords(invitation)}
            </span>
          </div>
          <div class="person-acts">
            {invitation.state === 'open' && invitation.link && (
              <button type="button" class="button" onClick={() => props.show(invitation)}>
                {t().share}
              </button>
            )}
            {invitation.state === 'open' && (
              <button type="button" class="button" onClick={() => revoke(invitation)}>
                {words.revoke}
              </button>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

function stateWords(invitation: Invitation): string {
  const words = t().invite;
  return invitation.state === 'open' ? words.open(moment(invitation.expiresAtMs)) : words[invitation.state];
}
