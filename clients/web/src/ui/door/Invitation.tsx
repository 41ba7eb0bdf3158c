import { useSignal } from '@preact/signals';
import type { Client, Failure } from '../../app/client';
import { fullDate, relative } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { Field } from '../elements/Field';
import { nameOf } from '../elements/names';
import { say, wordsFor } from '../elements/say';
import { shareText } from '../elements/share';
import { now } from '../shell/screen';
import { client } from '../shell/session';
import { shownControls } from '../text/tokens';
import { deviceNameHere } from './device_name';
import { asHandle, handleFault, handleFrom, type HandleFault } from './handle';
import { PasteLink } from './Welcome';

type OpenPreview = Extract<Client['door']['preview']['value'], { kind: 'open' }>;

export function InvitationPage(props: { preview: OpenPreview }) {
  const { preview } = props;
  const words = t().door;
  const first = preview.inviter === '';
  const inviter = first ? '' : nameOf({ name: preview.inviterName, handle: preview.inviter });
  return (
    <>
      <h1 class="door-title" tabIndex={-1}>
        <bdi>{first ? words.firstOwner : words.invitedBy(inviter)}</bdi>
      </h1>
      <p class="door-where">{words.toEnishi(location.host)}</p>
      {preview.note !== '' && (
        <blockquote class="door-note" dir="auto">
          {shownControls(preview.note)}
        </blockquote>
      )}
      <p>
        <bdi>{first ? words.firstOwnerMore : words.tiedAfter(inviter)}</bdi>
      </p>
      <p class="hint">{words.until(fullDate(preview.expiresAtMs), relative(preview.expiresAtMs, now.value))}</p>
      <JoinForm />
    </>
  );
}

function JoinForm() {
  const name = useSignal('');
  const handle = useSignal('');
  const chosen = useSignal(false); // the handle follows the name until it is typed itself
  const deviceName = useSignal(deviceNameHere());
  const busy = useSignal(false);
  const refused = useSignal<{ handle: string; failure: Failure } | undefined>(undefined);
  const words = t().door;
  const fault = handle.value === '' ? undefined : handleFault(handle.value);
  const taken = refused.value?.handle === handle.value && refused.value.failure.code === 'handle_taken';
  const ready =
    !busy.value &&
    name.value.trim() !== '' &&
    deviceName.value.trim() !== '' &&
    handle.value !== '' &&
    !fault &&
    !taken;
  const join = async () => {
    busy.value = true;
    const outcome = await client().door.join({
      handle: handle.value,
      name: name.value.trim(),
      deviceName: deviceName.value.trim(),
    });
    busy.value = false;
    if (outcome.ok) return;
    refused.value = { handle: handle.value, failure: outcome.failure };
    if (outcome.failure.code !== 'handle_taken') say(wordsFor(outcome.failure), { fault: true });
  };
  return (
    <form
      class="door-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void join();
      }}
    >
      <Field
        label={words.displayName}
        hint={words.displayNameHint}
        value={name.value}
        onValue={(value) => {
          name.value = value;
          if (!chosen.value) handle.value = handleFrom(value);
        }}
        input={{ autocomplete: 'name', required: true, maxLength: 64, autofocus: true }}
      />
      <HandleField
        handle={handle.value}
        taken={taken}
        onHandle={(value) => {
          handle.value = value;
          chosen.value = value !== '';
        }}
      />
      <Field
        label={words.deviceName}
        hint={words.deviceNameHint}
        value={deviceName.value}
        onValue={(value) => {
          deviceName.value = value;
        }}
        input={{ required: true, maxLength: 64, autocomplete: 'off' }}
      />
      <button type="submit" class="button button-strong button-wide" disabled={!ready}>
        {busy.value ? words.entering : words.enter}
      </button>
    </form>
  );
}

function HandleField(props: { handle: string; taken: boolean; onHandle: (handle: string) => void }) {
  const { handle } = props;
  const words = t().door;
  const fault = handle === '' ? undefined : handleFault(handle);
  return (
    <Field
      label={words.handle}
      value={handle}
      hint={handle !== '' ? `@${handle}: ${words.handleGood}` : words.handleHint}
      fault={props.taken ? t().failures.handle_taken : fault ? handleWords(fault) : undefined}
      onValue={(value, composing) => props.onHandle(composing ? value : asHandle(value))}
      input={{ autocomplete: 'username', autocapitalize: 'off', spellcheck: false, required: true }}
    />
  );
}

function handleWords(fault: HandleFault): string {
  const words = t().door;
  return fault === 'short' ? words.handleShort : fault === 'long' ? words.handleLong : words.handleCharacters;
}

export function DeadLink(props: { failure: Failure }) {
  const words = t().door;
  const why = words.deadWhy as Readonly<Record<string, string>>;
  return (
    <>
      <h1 class="door-title" tabIndex={-1}>
        {words.deadTitle}
      </h1>
      <p>{why[props.failure.code] ?? wordsFor(props.failure)}</p>
      <p>
        <button
          type="button"
          class="button button-strong"
          onClick={() => void shareText(words.askAgainText(location.host))}
        >
          {words.askAgain}
        </button>
      </p>
      <PasteLink />
    </>
  );
}

export function BrokenLink(props: { recover: () => void }) {
  const words = t().door;
  return (
    <>
      <h1 class="door-title" tabIndex={-1}>
        {words.brokenTitle}
      </h1>
      <p>{words.brokenWhy}</p>
      <PasteLink />
      <button type="button" class="link-button" onClick={props.recover}>
        {words.useCode}
      </button>
    </>
  );
}
