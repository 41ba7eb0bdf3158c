// The state of the link, honestly, in one quiet line: it says what is known and nothing more.
import { useEffect, useState } from 'preact/hooks';
import type { Link } from '../../app/client';
import { clock, number } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { wordsFor } from '../elements/say';
import { client } from './session';

// "Connecting" for a blink is noise: what lasts less is not said.
const patienceMs = 700;

export function LinkLine() {
  const link = client().link.value;
  const patient = usePatience(link.state.kind === 'connecting' || link.state.kind === 'catching_up');
  const words = wordsOf(link);
  const quiet = link.state.kind === 'live' && link.waiting === 0 && link.refused === 0;
  const hidden = quiet || (patient && link.waiting === 0);
  return (
    <div class={`link-line link-${link.state.kind}`} role="status" hidden={hidden}>
      {!hidden && (
        <>
          <span class="link-dot" />
          <span>{words}</span>
          {link.state.kind === 'offline' && (
            <button type="button" class="link-try" onClick={() => client().connectNow()}>
              {t().link.tryNow}
            </button>
          )}
        </>
      )}
    </div>
  );
}

function usePatience(passing: boolean): boolean {
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    setPatient(true);
    const timer = setTimeout(() => setPatient(false), patienceMs);
    return () => clearTimeout(timer);
  }, [passing]);
  return passing && patient;
}

function wordsOf(link: Link): string {
  const words = [stateWords(link)];
  const waiting = link.waiting - link.refused;
  if (waiting > 0) words.push(t().link.waiting(waiting));
  if (link.refused > 0) words.push(t().link.refused(link.refused));
  return words.filter((word) => word !== '').join(' · ');
}

function stateWords({ state }: Link): string {
  switch (state.kind) {
    case 'connecting':
      return t().link.connecting;
    case 'catching_up':
      return state.total > 0 ? t().link.catchingUpOf(number(state.done), number(state.total)) : t().link.catchingUp;
    case 'live':
      return '';
    case 'checking':
      return t().link.checking;
    case 'offline':
      return t().link.offlineSince(clock(state.sinceMs));
    case 'stopped':
      return `${t().link.stopped}: ${wordsFor(state.failure)}`;
  }
}
