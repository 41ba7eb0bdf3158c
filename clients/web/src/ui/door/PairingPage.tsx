import { useSignal } from '@preact/signals';
import { t } from '../../i18n/language';
import { Field } from '../elements/Field';
import { wordsFor } from '../elements/say';
import { client } from '../shell/session';
import { deviceNameHere } from './device_name';
import { PasteLink } from './Welcome';

/** The newcomer's side of a pairing. */
export function PairingPage() {
  const pairing = client().door.pairing.value;
  const words = t().door;
  return (
    <>
      <h1 class="door-title" tabIndex={-1}>
        {words.pairTitle}
      </h1>
      {pairing.kind === 'idle' && <Begin />}
      {pairing.kind === 'presenting' && (
        <p class="door-waiting" role="status">
          {words.pairAsking}
        </p>
      )}
      {pairing.kind === 'waiting' && (
        <>
          <p>{words.pairDigits}</p>
          <p class="digits" aria-label={[...pairing.digits].join(' ')}>
            <span>{pairing.digits.slice(0, 3)}</span>
            <span>{pairing.digits.slice(3)}</span>
          </p>
          <p class="door-waiting" role="status">
            {words.pairWaiting(pairing.handle)}
          </p>
          <p class="hint">{words.pairNever}</p>
          <button type="button" class="button" onClick={() => client().door.cancelPairing()}>
            {t().cancel}
          </button>
        </>
      )}
      {pairing.kind === 'failed' && (
        <>
          <p class="fault" role="alert">
            {wordsFor(pairing.failure)}
          </p>
          {pairing.failure.kind === 'refused' ? <PasteLink /> : <Begin />}
        </>
      )}
    </>
  );
}

function Begin() {
  const name = useSignal(deviceNameHere());
  const words = t().door;
  return (
    <form
      class="door-form"
      onSubmit={(event) => {
        event.preventDefault();
        void client().door.pair(name.value.trim());
      }}
    >
      <p>{words.pairExplain}</p>
      <Field
        label={words.deviceName}
        hint={words.deviceNameHint}
        value={name.value}
        onValue={(value) => {
          name.value = value;
        }}
        input={{ required: true, maxLength: 64, autocomplete: 'off' }}
      />
      <button type="submit" class="button button-strong button-wide" disabled={name.value.trim() === ''}>
        {words.pairBegin}
      </button>
    </form>
  );
}
