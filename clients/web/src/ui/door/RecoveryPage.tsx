import { useSignal } from '@preact/signals';
import { t } from '../../i18n/language';
import { Field } from '../elements/Field';
import { wordsFor } from '../elements/say';
import { client } from '../shell/session';
import { deviceNameHere } from './device_name';

export function RecoveryPage(props: { back: () => void }) {
  const code = useSignal('');
  const name = useSignal(deviceNameHere());
  const busy = useSignal(false);
  const fault = useSignal<string | undefined>(undefined);
  const words = t().door;
  const recover = async () => {
    busy.value = true;
    const outcome = await client().door.recover(code.value, name.value.trim());
    busy.value = false;
    fault.value = outcome.ok ? undefined : wordsFor(outcome.failure);
  };
  return (
    <form
      class="door-form"
      onSubmit={(event) => {
        event.preventDefault();
        void recover();
      }}
    >
      <h1 class="door-title" tabIndex={-1}>
        {words.recoverTitle}
      </h1>
      <p>{words.recoverExplain}</p>
      <Field
        label={words.code}
        value={code.value}
        fault={fault.value}
        onValue={(value) => {
          code.value = value.toUpperCase();
          fault.value = undefined;
        }}
        input={{
          autocomplete: 'off',
          autocapitalize: 'characters',
          spellcheck: false,
          autofocus: true,
          required: true,
          class: 'code-input',
        }}
      />
      <Field
        label={words.deviceName}
        hint={words.deviceNameHint}
        value={name.value}
        onValue={(value) => {
          name.value = value;
        }}
        input={{ required: true, maxLength: 64, autocomplete: 'off' }}
      />
      <button
        type="submit"
        class="button button-strong button-wide"
        disabled={busy.value || code.value.trim() === '' || name.value.trim() === ''}
      >
        {busy.value ? words.entering : words.recoverGo}
      </button>
      <button type="button" class="link-button" onClick={props.back}>
        {t().back}
      </button>
    </form>
  );
}
