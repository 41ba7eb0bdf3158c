// What the engine tells once becomes a notice on the screen; a baton that came opens its conversation.
import { effect, untracked } from '@preact/signals';
import type { Notice } from '../../app/client';
import { t } from '../../i18n/language';
import { batonHere } from '../conversation/baton';
import { closeAllDialogs } from '../elements/dialogs';
import { say, wordsFor } from '../elements/say';
import { shownControls } from '../text/tokens';
import { go, route } from './route';
import { client } from './session';

// Out of the account nothing of it stays on the screen.
function watchLeaving(): void {
  let inside = false;
  effect(() => {
    const now = client().phase.value.kind === 'in';
    if (inside && !now) {
      untracked(() => {
        closeAllDialogs();
        go({ kind: 'list' }, { replace: true });
      });
    }
    inside = now;
  });
}

export function watchNotices(): void {
  watchLeaving();
  const told = new Set<number>();
  effect(() => {
    const notices = client().notices.value;
    untracked(() => {
      for (const { id, notice } of notices) {
        if (told.has(id)) continue;
        told.add(id);
        tellNotice(notice, () => client().dismissNotice(id));
      }
    });
  });
  effect(() => {
    if (!client().updateWaiting.value) return;
    untracked(() => {
      const words = t().notices;
      say(words.updateReady, { stays: true, action: { label: words.updateNow, act: () => client().update() } });
    });
  });
  effect(() => {
    const passed = client().baton.passed.value;
    if (!passed) return;
    // Once for each baton, whatever is looked at on the way.
    untracked(() => {
      say(t().notices.batonPassed(shownControls(passed.fromDevice)));
      batonHere.value = passed;
      go({ kind: 'chat', chat: passed.chat }, { replace: route.value.kind === 'chat' });
    });
  });
}

function tellNotice(notice: Notice, gone: () => void): void {
  const words = t().notices;
  switch (notice.kind) {
    case 'device_added':
    case 'device_recovered':
      say((notice.kind === 'device_added' ? words.deviceAdded : words.deviceRecovered)(shownControls(notice.name)), {
        stays: route.peek().kind !== 'devices',
        gone,
        action: { label: words.seeDevices, act: () => go({ kind: 'devices' }) },
      });
      return;
    case 'continued_on':
      say(t().chat.continuedOn(shownControls(notice.device)), { gone });
      return;
    case 'chat_gone':
      say(words.chatGone(shownControls(notice.title)), { gone });
      return;
    case 'started_over':
      say(words.startedOver, { gone });
      return;
    case 'server_restored':
      say(words.serverRestored, { gone, stays: true });
      return;
    case 'failed':
      say(wordsFor(notice.failure), { gone, fault: true });
      return;
  }
}
