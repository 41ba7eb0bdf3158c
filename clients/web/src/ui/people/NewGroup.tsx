import { useSignal } from '@preact/signals';
import { t } from '../../i18n/language';
import { Field } from '../elements/Field';
import { nameOf } from '../elements/names';
import { Page } from '../elements/Page';
import { Seal } from '../elements/Seal';
import { tell } from '../elements/say';
import { go } from '../shell/route';
import { client } from '../shell/session';

export function NewGroup() {
  const title = useSignal('');
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const busy = useSignal(false);
  const ties = client().ties.value.filter((tie) => tie.tie === 'mutual' && !tie.blocked);
  const words = t().groups;
  const ready = title.value.trim() !== '' && !busy.value;
  const make = async () => {
    busy.value = true;
    const outcome = await tell(client().newGroup(title.value.trim(), [...chosen.value]));
    busy.value = false;
    if (outcome.ok) go({ kind: 'chat', chat: outcome.value }, { replace: true });
  };
  const toggle = (handle: string) => {
    const next = new Set(chosen.value);
    if (!next.delete(handle)) next.add(handle);
    chosen.value = next;
  };
  return (
    <Page title={words.newTitle}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void make();
        }}
      >
        <Field
          label={words.title}
          value={title.value}
          onValue={(value) => {
            title.value = value;
          }}
          input={{ maxLength: 128, autocomplete: 'off', required: true }}
        />
        <fieldset class="choices">
          <legend>{words.who}</legend>
          <p class="hint">{ties.length === 0 ? words.noTies : words.whoHint}</p>
          {ties.map((tie) => (
            <label class="choice" key={tie.handle}>
              <input type="checkbox" checked={chosen.value.has(tie.handle)} onChange={() => toggle(tie.handle)} />
              <Seal person={tie} size="s" />
              <bdi>{nameOf(tie)}</bdi>
              <span class="hint">@{tie.handle}</span>
            </label>
          ))}
        </fieldset>
        <button type="submit" class="button button-strong" disabled={!ready}>
          {words.make}
        </button>
      </form>
    </Page>
  );
}
