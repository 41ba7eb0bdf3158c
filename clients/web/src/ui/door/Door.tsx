import '../../styles/door.css';
import '../../styles/people.css';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { chooseLanguage, language, languages, t } from '../../i18n/language';
import { Knot } from '../elements/Icon';
import { client } from '../shell/session';
import { BrokenLink, DeadLink, InvitationPage } from './Invitation';
import { PairingPage } from './PairingPage';
import { RecoveryPage } from './RecoveryPage';
import { Revoked, Unusable } from './Trouble';
import { Welcome } from './Welcome';

/** Everything before the account: one sheet in the middle of the page. */
export function Door() {
  const phase = client().phase.value;
  return (
    <main class="door-page">
      <div class="door-sheet">
        <p class="wordmark door-mark">
          <Knot />
          {t().name}
        </p>
        {phase.kind === 'unusable' ? <Unusable why={phase.why} /> : phase.kind === 'revoked' ? <Revoked /> : <Ways />}
      </div>
      <LanguageChoice />
    </main>
  );
}

function Ways() {
  const [recovering, setRecovering] = useState(false);
  const link = client().door.link.value;
  if (recovering) return <RecoveryPage back={() => setRecovering(false)} />;
  const recover = () => setRecovering(true);
  switch (link.kind) {
    case 'none':
      return <Welcome recover={recover} />;
    case 'broken':
      return <BrokenLink recover={recover} />;
    case 'pairing':
      return <PairingPage />;
    case 'invitation':
      return <InvitationWays />;
  }
}

function InvitationWays() {
  const preview = client().door.preview.value;
  switch (preview.kind) {
    case 'loading':
      return <Waiting>{t().door.reading}</Waiting>;
    case 'unreachable':
      return <Waiting>{t().door.unreachable}</Waiting>;
    case 'dead':
      return <DeadLink failure={preview.failure} />;
    case 'open':
      return <InvitationPage preview={preview} />;
  }
}

function Waiting(props: { children: ComponentChildren }) {
  return (
    <p class="door-waiting" role="status">
      {props.children}
    </p>
  );
}

function LanguageChoice() {
  return (
    <div class="door-language" role="group" aria-label={t().door.language}>
      {languages.map(({ code, name }) => (
        <button
          type="button"
          lang={code}
          aria-pressed={language.value === code}
          onClick={() => void chooseLanguage(code)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
