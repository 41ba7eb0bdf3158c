import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Offer, PairingOffer } from '../../app/client';
import { clock } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { Field } from '../elements/Field';
import { Icon } from '../elements/Icon';
import { tell, wordsFor } from '../elements/say';
import { copy } from '../elements/share';
import { Qr } from '../people/Qr';
import { client } from '../shell/session';
import { shownControls } from '../text/tokens';

/** Pairing at the existing device: shows the link, then asks for the digits that the newcomer shows. */
export function PairOffer(props: { onDone: () => void }) {
  const offer = useSignal<PairingOffer | undefined>(undefined);
  useEffect(() => () => offer.peek()?.cancel(), []);
  const words = t().settings;
  const begin = async () => {
    const outcome = await tell(client().offerPairing());
    if (outcome.ok) offer.value = outcome.value;
  };
  if (!offer.value) {
    return (
      <button type="button" class="button" onClick={() => void begin()}>
        <Icon name="plus" small />
        {words.pair}
      </button>
    );
  }
  return (
    <Running
      offer={offer.value}
      onDone={props.onDone}
      anew={() => {
        offer.peek()?.cancel();
        void begin();
      }}
      again={() => {
        offer.peek()?.cancel();
        offer.value = undefined;
      }}
    />
  );
}

function Running(props: { offer: PairingOffer; onDone: () => void; again: () => void; anew: () => void }) {
  const state = props.offer.state.value;
  const words = t().settings;
  useEffect(() => {
    if (state.kind === 'done') props.onDone();
  }, [state.kind]);
  switch (state.kind) {
    case 'offered':
      return <Offered state={state} cancel={props.again} />;
    case 'asked':
      return <Asked state={state} offer={props.offer} again={props.again} />;
    case 'done':
      return (
        <>
          <p class="done-line" role="status">
            <Icon name="check" small />
            <bdi>{words.pairDone(shownControls(state.deviceName))}</bdi>
          </p>
          <button type="button" class="button" onClick={props.anew}>
            {words.pair}
          </button>
        </>
      );
    case 'failed':
      return (
        <>
          <p class="fault" role="alert">
            {wordsFor(state.failure)}
          </p>
          <button type="button" class="button" onClick={props.anew}>
            {words.pairAgain}
          </button>
        </>
      );
  }
}

function Offered(props: { state: Extract<Offer, { kind: 'offered' }>; cancel: () => void }) {
  const { link, untilMs } = props.state;
  const words = t().settings;
  return (
    <div class="made">
      <p>{words.pairExplain}</p>
      <Qr text={link} label={t().invite.qr} />
      <p class="hint">{words.pairLink}</p>
      <p class="link-text">
        <code>{link}</code>
      </p>
      <div class="codes-ways">
        <button type="button" class="button" onClick={() => void copy(link)}>
          <Icon name="copy" small />
          {t().copy}
        </button>
        <button type="button" class="link-button" onClick={props.cancel}>
          {t().cancel}
        </button>
      </div>
      <p class="hint">{words.pairUntil(clock(untilMs))}</p>
    </div>
  );
}

function Asked(props: { state: Extract<Offer, { kind: 'asked' }>; offer: PairingOffer; again: () => void }) {
  const { state, offer } = props;
  const digits = useSignal('');
  const fault = useSignal<string | undefined>(undefined);
  const words = t().settings;
  const approve = async () => {
    const outcome = await offer.approve(digits.value);
    if (!outcome.ok) fault.value = wordsFor(outcome.failure);
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (digits.value.length === 6) void approve();
      }}
    >
      <p role="status">
        <bdi>{words.pairAsked(shownControls(state.deviceName), clock(state.atMs))}</bdi>
      </p>
      <Field
        label={words.pairType}
        value={digits.value}
        fault={fault.value}
        onValue={(value, composing) => {
          digits.value = composing ? value : value.normalize('NFKC').replace(/\D/g, '').slice(0, 6);
          fault.value = undefined;
        }}
        input={{
          inputMode: 'numeric',
          autocomplete: 'one-time-code',
          autofocus: true,
          class: 'digits-input',
          maxLength: 8,
        }}
      />
      <div class="codes-ways">
        <button type="submit" class="button button-strong" disabled={digits.value.length !== 6}>
          {words.pairApprove}
        </button>
        <button type="button" class="button" onClick={() => void tell(offer.refuse()).then(props.again)}>
          {words.pairRefuse}
        </button>
      </div>
    </form>
  );
}
