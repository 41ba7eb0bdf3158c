import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Device } from '../../app/client';
import { plainDate, relative } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { ask } from '../elements/ask';
import { Icon } from '../elements/Icon';
import { Page } from '../elements/Page';
import { tell, wordsFor } from '../elements/say';
import { now } from '../shell/screen';
import { client } from '../shell/session';
import { shownControls } from '../text/tokens';
import { PairOffer } from './PairOffer';

export function Devices() {
  const known = useSignal<readonly Device[] | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const load = () =>
    void client()
      .devices()
      .then((outcome) => {
        if (outcome.ok) known.value = outcome.value;
        fault.value = outcome.ok ? undefined : wordsFor(outcome.failure);
      });
  const live = client().link.value.state.kind === 'live';
  useEffect(load, [live]);
  const words = t().settings;
  return (
    <Page title={words.devices}>
      {fault.value && (
        <p class="fault" role="alert">
          {fault.value}
        </p>
      )}
      {!known.value && !fault.value && <p role="status">{t().loading}</p>}
      <ul class="people">
        {known.value?.map((device) => (
          <DeviceRow key={device.id} device={device} reload={load} />
        ))}
      </ul>
      <section class="part">
        <h2>{words.pair}</h2>
        <PairOffer onDone={load} />
      </section>
    </Page>
  );
}

function DeviceRow(props: { device: Device; reload: () => void }) {
  const { device } = props;
  const words = t().settings;
  const name = shownControls(device.name);
  const seen = device.current
    ? words.thisDevice
    : device.online
      ? words.deviceOnline
      : words.lastSeen(relative(device.lastSeenMs, now.value));
  const remove = async () => {
    if (!(await ask({ title: words.removeAsk(name), text: words.removeExplain, yes: words.removeYes, danger: true })))
      return;
    await tell(client().revokeDevice(device.id));
    props.reload();
  };
  return (
    <li class="person">
      <span class="device-icon">
        <Icon name="device" />
      </span>
      <div class="person-name">
        <bdi>{name}</bdi>
        <span class="hint">
          {seen} · {words.added(plainDate(device.createdAtMs))}
        </span>
      </div>
      {!device.current && (
        <button type="button" class="button" aria-label={`${words.removeDevice} ${name}`} onClick={() => void remove()}>
          {words.removeDevice}
        </button>
      )}
    </li>
  );
}
