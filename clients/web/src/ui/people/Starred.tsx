import { useEffect, useState } from 'preact/hooks';
import type { Id, Message } from '../../app/client';
import { moment } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { chatName, nameOrYou } from '../elements/names';
import { Page } from '../elements/Page';
import { go } from '../shell/route';
import { client } from '../shell/session';
import { oneLine } from '../text/preview';

export function Starred() {
  const [found, setFound] = useState<readonly { chat: Id; message: Message }[]>();
  useEffect(() => {
    void client().starred().then(setFound);
  }, []);
  const rows = new Map(client().chats.value.map((row) => [row.id, row]));
  return (
    <Page title={t().list.starred}>
      {!found && <p role="status">{t().loading}</p>}
      {found?.length === 0 && <p class="hint">{t().chat.noStars}</p>}
      <ul class="people">
        {found?.map(({ chat, message }) => {
          const row = rows.get(chat);
          return (
            <li key={message.key}>
              <button
                type="button"
                class="picker-row picker-message"
                onClick={() => go({ kind: 'chat', chat, seq: message.seq })}
              >
                <span class="hint">
                  <bdi>{nameOrYou(message.author.handle)}</bdi>
                  {row ? (
                    <>
                      {' '}
                      · <bdi>{chatName(row)}</bdi>
                    </>
                  ) : null}{' '}
                  · {moment(message.atMs)}
                </span>
                <span class="bar-words">
                  <bdi>{oneLine(message.text)}</bdi>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Page>
  );
}
