import { t } from '../../i18n/language';
import { openDialog } from '../elements/dialogs';
import { preferences } from './preferences';

/** The list of all keys. */
export function openKeysHelp(): void {
  openDialog({ label: t().keys.title, render: (close) => <KeysHelp close={close} /> });
}

function KeysHelp(props: { close: () => void }) {
  const words = t().keys;
  const sends = preferences.value.enterSends;
  const everywhere: [string, string][] = [
    ['?', words.help],
    ['/', words.find],
    ['Ctrl K', words.find],
    ['Alt Shift ↓', words.nextChat],
    ['Alt Shift ↑', words.previousChat],
    ['Alt Shift U', words.nextUnread],
    ['Esc', words.leave],
  ];
  const messages: [string, string][] = [
    ['↑ ↓', words.move],
    ['Enter', words.actions],
    ['R', words.reply],
    ['E', words.edit],
    ['+', words.react],
    ['S', words.star],
    ['U', words.unread],
    ['End', words.newest],
    ['Esc', words.toComposer],
  ];
  const composer: [string, string][] = [
    [sends ? 'Enter' : 'Ctrl Enter', words.send],
    [sends ? 'Shift Enter' : 'Enter', words.break],
    ['↑', words.editLast],
    ['@', words.mention],
    ['Ctrl ↑', words.intoMessages],
  ];
  return (
    <div class="keys-help">
      <h2>{words.title}</h2>
      <Group title={words.groupEverywhere} rows={everywhere} />
      <Group title={words.groupMessages} rows={messages} />
      <Group title={words.groupComposer} rows={composer} />
      <div class="row-end">
        <button type="button" class="button" onClick={props.close}>
          {t().close}
        </button>
      </div>
    </div>
  );
}

function Group(props: { title: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h3>{props.title}</h3>
      <dl>
        {props.rows.map(([keys, what]) => (
          <div class="keys-row">
            <dt>
              {keys.split(' ').map((key) => (
                <kbd>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
