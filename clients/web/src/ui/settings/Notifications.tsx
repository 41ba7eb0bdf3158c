import { useSignal } from '@preact/signals';
import { t } from '../../i18n/language';
import { Switch } from '../elements/Field';
import { prefer, preferences } from '../shell/preferences';

/** Local notifications while the page lives. The browser is asked only after the switch was touched. */
export function Notifications() {
  const words = t().settings;
  const supported = 'Notification' in globalThis;
  const permission = useSignal<NotificationPermission>(supported ? Notification.permission : 'denied');
  if (!supported) return <p class="hint">{words.notifyNone}</p>;
  const { notify, notifyText } = preferences.value;
  const on = notify && permission.value === 'granted';
  const turn = async (wanted: boolean) => {
    if (wanted && permission.value !== 'granted') permission.value = await Notification.requestPermission();
    prefer({ notify: wanted && permission.value === 'granted' });
  };
  return (
    <>
      <Switch
        label={words.notifyDo}
        on={on}
        onChange={(wanted) => void turn(wanted)}
        hint={permission.value === 'denied' ? words.notifyDenied : on ? words.notifyOn : words.notHerePush}
      />
      {on && (
        <fieldset class="choices">
          <legend>{words.notifyWhat}</legend>
          <label class="choice">
            <input type="radio" name="notify" checked={notifyText} onChange={() => prefer({ notifyText: true })} />
            {words.notifyText}
          </label>
          <label class="choice">
            <input type="radio" name="notify" checked={!notifyText} onChange={() => prefer({ notifyText: false })} />
            {words.notifyName}
          </label>
        </fieldset>
      )}
    </>
  );
}
