// Questions that need a yes: nothing is destroyed by one click.
import { t } from '../../i18n/language';
import { openDialog } from './dialogs';

/** Resolves to true only for an explicit yes. */
export function ask(what: { title: string; text?: string; yes: string; danger?: boolean }): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false;
    openDialog({
      label: what.title,
      onClose: () => resolve(answer),
      render: (close) => (
        <form
          class="ask"
          onSubmit={(event) => {
            event.preventDefault();
            answer = true;
            close();
          }}
        >
          <h2>{what.title}</h2>
          {what.text && <p>{what.text}</p>}
          <div class="row-end">
            <button type="button" class="button" onClick={close} autofocus={what.danger ?? false}>
              {t().cancel}
            </button>
            <button
              type="submit"
              class={what.danger ? 'button button-danger' : 'button button-strong'}
              autofocus={!what.danger}
            >
              {what.yes}
            </button>
          </div>
        </form>
      ),
    });
  });
}
