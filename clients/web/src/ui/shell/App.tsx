// What stands on the page, by phase.
import { t } from '../../i18n/language';
import { Dialogs } from '../elements/Dialogs';
import { lazy } from '../elements/Lazy';
import { Saids } from '../elements/Saids';
import { client } from './session';
import { Shell } from './Shell';

const Door = lazy(async () => (await import('../door/Door')).Door);

export function App() {
  return (
    <>
      <Phases />
      <Saids />
      <Dialogs />
    </>
  );
}

function Phases() {
  const phase = client().phase.value;
  switch (phase.kind) {
    case 'opening':
      return (
        <main class="blank" aria-busy="true">
          <span class="unseen">{t().loading}</span>
        </main>
      );
    case 'in':
      return <Shell />;
    case 'unusable':
    case 'door':
    case 'revoked':
      return <Door />;
  }
}
