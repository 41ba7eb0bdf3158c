// The entry of the page. The client opens its store while the language loads; nothing waits for the network.
import { render } from 'preact';
import '../../styles/index.css';
import { openClient } from '../../app/open';
import { preferredLanguage, speak } from '../../i18n/language';
import { watchAttention } from '../reading/attention';
import { watchOutside } from '../reading/outside';
import { App } from './App';
import { watchInstall } from './install';
import { watchKeys } from './keys';
import { watchNotices } from './notices';
import { keepPreferences } from './preferences';
import { startRoutes } from './route';
import { watchScreen } from './screen';
import { setClient } from './session';

setClient(openClient());
// No top-level await: with it the bundler has to cut what the lazy parts share into many small files.
void speak(preferredLanguage()).then(() => {
  watchScreen();
  startRoutes();
  keepPreferences();
  watchAttention();
  watchInstall();
  watchKeys();
  watchOutside();
  watchNotices();
  render(<App />, document.getElementById('page')!);
});
