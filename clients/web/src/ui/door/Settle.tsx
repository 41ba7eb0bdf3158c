import '../../styles/door.css';
import '../../styles/people.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../../i18n/language';
import { ask } from '../elements/ask';
import { Icon, Knot } from '../elements/Icon';
import { nameOf } from '../elements/names';
import { install, installed, installPrompt, isIos } from '../shell/install';
import { client } from '../shell/session';
import { Codes } from './Codes';

/** The end of joining: keep, install, save the codes. Not done before the codes are saved or skipped knowingly. */
export function Settle() {
  const words = t().settle;
  const saved = useSignal(false);
  const me = client().me.value;
  const alone = useAlone();
  const skip = async () => {
    if (await ask({ title: words.codesSkip, text: words.codesSkipAsk, yes: words.codesSkipYes, danger: true }))
      await client().recoverySettled();
  };
  return (
    <div class="door-sheet settle">
      <p class="wordmark door-mark">
        <Knot />
        {t().name}
      </p>
      <h1 class="door-title" tabIndex={-1}>
        <bdi>{words.welcome(me ? nameOf(me) : '')}</bdi>
      </h1>
      <p>{alone ? words.steps : words.stepsPaired}</p>
      <ol class="settle-steps">
        <li>
          <h2>{words.keepTitle}</h2>
          <Keep />
        </li>
        <li>
          <h2>{words.installTitle}</h2>
          <Install />
        </li>
        {alone && (
          <li>
            <h2>{words.codesTitle}</h2>
            <Codes
              onSaved={() => {
                saved.value = true;
              }}
            />
          </li>
        )}
      </ol>
      <div class="row-end">
        {alone && !saved.value && (
          <button type="button" class="link-button" onClick={() => void skip()}>
            {words.codesSkip}
          </button>
        )}
        <button
          type="button"
          class="button button-strong"
          disabled={alone && !saved.value}
          onClick={() => void client().recoverySettled()}
        >
          {words.finish}
        </button>
      </div>
    </div>
  );
}

/** A device that joins others has no codes to make: new ones would kill those that were saved. Until it is known, it counts
 *  as alone. */
function useAlone(): boolean {
  const alone = useSignal(true);
  const live = client().link.value.state.kind === 'live';
  useEffect(() => {
    void client()
      .devices()
      .then((outcome) => {
        if (outcome.ok) alone.value = outcome.value.length <= 1;
      });
  }, [live]);
  return alone.value;
}

/** Asks the browser not to throw the store away. */
export function Keep() {
  const words = t().settle;
  const state = useSignal<'unknown' | 'kept' | 'refused'>('unknown');
  useEffect(() => {
    void navigator.storage?.persisted?.().then((kept) => {
      if (kept) state.value = 'kept';
    });
  }, []);
  const persist = async () => {
    state.value = (await navigator.storage?.persist?.()) ? 'kept' : 'refused';
  };
  if (state.value === 'kept')
    return (
      <p class="done-line">
        <Icon name="check" small />
        {words.keepDone}
      </p>
    );
  return (
    <>
      <p>{state.value === 'refused' ? words.keepRefused : words.keepExplain}</p>
      <button type="button" class="button" onClick={() => void persist()}>
        {words.keepDo}
      </button>
    </>
  );
}

export function Install() {
  const words = t().settle;
  if (installed.value)
    return (
      <p class="done-line">
        <Icon name="check" small />
        {words.installed}
      </p>
    );
  return (
    <>
      <p>{words.installExplain}</p>
      {installPrompt.value ? (
        <button type="button" class="button" onClick={() => void install()}>
          {words.installDo}
        </button>
      ) : (
        <p class="hint">{isIos() ? words.installIos : words.installOther}</p>
      )}
    </>
  );
}
