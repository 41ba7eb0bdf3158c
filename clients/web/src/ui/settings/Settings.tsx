import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { chooseLanguage, language, languages, t } from '../../i18n/language';
import { Codes } from '../door/Codes';
import { Install, Keep } from '../door/Settle';
import { ask } from '../elements/ask';
import { Switch } from '../elements/Field';
import { Icon } from '../elements/Icon';
import { Page } from '../elements/Page';
import { say, tell } from '../elements/say';
import { openKeysHelp } from '../shell/KeysHelp';
import { prefer, preferences } from '../shell/preferences';
import { go } from '../shell/route';
import { client } from '../shell/session';
import { Notifications } from './Notifications';
import { Profile } from './Profile';

export function Settings() {
  const words = t().settings;
  const receipts = client().me.value?.receipts ?? true;
  return (
    <Page title={words.title}>
      <Part title={words.profile}>
        <Profile />
      </Part>
      <Part title={words.devices}>
        <button type="button" class="button" onClick={() => go({ kind: 'devices' })}>
          <Icon name="device" small />
          {words.devices}
        </button>
      </Part>
      <Part title={words.receipts}>
        <Switch
          label={words.receipts}
          hint={words.receiptsExplain}
          on={receipts}
          onChange={(on) => void tell(client().setReceipts(on))}
        />
      </Part>
      <Part title={words.enter}>
        <EnterChoice />
      </Part>
      <Part title={words.language}>
        <LanguageChoice />
      </Part>
      <Part title={words.notify}>
        <Notifications />
      </Part>
      <Part title={words.recovery}>
        <Codes again onSaved={() => say(words.saved)} />
      </Part>
      <Part title={words.keep}>
        <Keep />
      </Part>
      <Part title={words.install}>
        <Install />
      </Part>
      <Part title={words.notHere}>
        <ul class="plain">
          <li>{words.notHerePush}</li>
          <li>{words.notHereFiles}</li>
          <li>{words.notHereSearch}</li>
          <li>{words.notHereE2ee}</li>
        </ul>
      </Part>
      <Part title={words.keys}>
        <button type="button" class="button" onClick={openKeysHelp}>
          {words.keys} <kbd>?</kbd>
        </button>
      </Part>
      <Part title={words.signOut}>
        <SignOut />
      </Part>
    </Page>
  );
}

function Part(props: { title: string; children: ComponentChildren }) {
  return (
    <section class="part">
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

function EnterChoice() {
  const words = t().settings;
  const sends = preferences.value.enterSends;
  return (
    <fieldset class="choices">
      <legend class="unseen">{words.enter}</legend>
      <label class="choice">
        <input type="radio" name="enter" checked={sends} onChange={() => prefer({ enterSends: true })} />
        {words.enterSends}
      </label>
      <label class="choice">
        <input type="radio" name="enter" checked={!sends} onChange={() => prefer({ enterSends: false })} />
        {words.enterBreaks}
      </label>
      <p class="hint">{words.enterTouch}</p>
    </fieldset>
  );
}

function LanguageChoice() {
  return (
    <fieldset class="choices">
      <legend class="unseen">{t().settings.language}</legend>
      {languages.map(({ code, name }) => (
        <label class="choice" lang={code}>
          <input
            type="radio"
            name="language"
            checked={language.value === code}
            onChange={() => void chooseLanguage(code)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function SignOut() {
  const busy = useSignal(false);
  const words = t().settings;
  const leave = async () => {
    const lines = [words.signOutExplain];
    const devices = await client().devices();
    if (devices.ok && devices.value.length === 1) lines.push(words.signOutLast);
    const { waiting } = client().link.peek();
    if (waiting > 0) lines.push(words.signOutWaiting(waiting));
    if (!(await ask({ title: words.signOutAsk, text: lines.join(' '), yes: words.signOutYes, danger: true }))) return;
    busy.value = true;
    await client().signOut();
    go({ kind: 'list' }, { replace: true });
  };
  return (
    <>
      <p class="hint">{words.signOutExplain}</p>
      <button type="button" class="button button-danger" disabled={busy.value} onClick={() => void leave()}>
        {words.signOut}
      </button>
    </>
  );
}
