import { useSignal } from '@preact/signals';
import { fullDate } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { Icon } from '../elements/Icon';
import { wordsFor } from '../elements/say';
import { copy } from '../elements/share';
import { client } from '../shell/session';

/** Makes ten recovery codes and shows them this once. `onSaved`: the person says that they are kept somewhere. */
export function Codes(props: { onSaved: () => void; again?: boolean }) {
  const codes = useSignal<readonly string[] | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const busy = useSignal(false);
  const saved = useSignal(false);
  const words = t().settle;
  const make = async () => {
    busy.value = true;
    const outcome = await client().makeRecoveryCodes();
    busy.value = false;
    if (outcome.ok) codes.value = outcome.value;
    fault.value = outcome.ok ? undefined : wordsFor(outcome.failure);
  };
  if (!codes.value) {
    return (
      <>
        <p>{props.again ? t().settings.recoveryExplain : words.codesExplain}</p>
        {fault.value && (
          <p class="fault" role="alert">
            {fault.value}
          </p>
        )}
        <button type="button" class="button" disabled={busy.value} onClick={() => void make()}>
          {props.again ? words.codesMakeAgain : words.codesMake}
        </button>
      </>
    );
  }
  const text = fileText(codes.value);
  return (
    <div class="codes">
      <p>{props.again ? words.codesKill : words.codesExplain}</p>
      <ol class="codes-list">
        {codes.value.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div class="codes-ways">
        <button type="button" class="button" onClick={() => void copy(text)}>
          <Icon name="copy" small />
          {words.codesCopy}
        </button>
        <button type="button" class="button" onClick={() => download(text)}>
          <Icon name="download" small />
          {words.codesDownload}
        </button>
        <button type="button" class="button" onClick={() => print()}>
          <Icon name="print" small />
          {words.codesPrint}
        </button>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={saved.value}
          disabled={saved.value}
          onChange={() => {
            saved.value = true;
            props.onSaved();
          }}
        />
        {words.codesSaved}
      </label>
    </div>
  );
}

function fileText(codes: readonly string[]): string {
  const handle = client().me.peek()?.handle ?? '';
  return `${t().settle.codesFile(handle, location.host, fullDate(Date.now()))}\n\n${codes.join('\n')}\n`;
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `enishi-${client().me.peek()?.handle ?? 'codes'}.txt`;
  link.click();
  // The browser has taken the file by the next turn; the codes are not to linger.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
