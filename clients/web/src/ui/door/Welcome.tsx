import { useSignal } from '@preact/signals';
import { t } from '../../i18n/language';
import { Field } from '../elements/Field';
import { wordsFor } from '../elements/say';
import { client } from '../shell/session';

/** Without a link: what this is, and how one gets in. */
export function Welcome(props: { recover: () => void }) {
  const words = t().door;
  return (
    <>
      <h1 class="door-title" tabIndex={-1}>
        {words.what}
      </h1>
      <p>{words.whatMore}</p>
      <PasteLink />
      <h2 class="door-sub">{words.howIn}</h2>
      <ul class="door-how">
        <li>{words.howInvited}</li>
        <li>{words.howDevice}</li>
        <li>{words.howLost}</li>
      </ul>
      <button type="button" class="link-button" onClick={props.recover}>
        {words.useCode}
      </button>
    </>
  );
}

export function PasteLink() {
  const link = useSignal('');
  const fault = useSignal<string | undefined>(undefined);
  const words = t().door;
  return (
    <form
      class="door-form"
      onSubmit={(event) => {
        event.preventDefault();
        const outcome = client().door.open(link.value.trim());
        fault.value = outcome.ok ? undefined : wordsFor(outcome.failure);
      }}
    >
      <Field
        label={words.haveLink}
        value={link.value}
        fault={fault.value}
        onValue={(value) => {
          link.value = value;
          fault.value = undefined;
        }}
        input={{
          inputMode: 'url',
          autocomplete: 'off',
          autocapitalize: 'off',
          spellcheck: false,
          placeholder: words.pasteLink,
        }}
        after={
          <button type="submit" class="button" disabled={link.value.trim() === ''}>
            {words.openLink}
          </button>
        }
      />
    </form>
  );
}
