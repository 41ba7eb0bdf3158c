import type { Conversation, Message } from '../../app/client';
import { t } from '../../i18n/language';
import { openDialog } from '../elements/dialogs';
import { chatName } from '../elements/names';
import { ChatSeal } from '../elements/Seal';
import { say, tell } from '../elements/say';
import { client } from '../shell/session';

export function openForward(conversation: Conversation, message: Message): void {
  openDialog({
    label: t().chat.forwardTo,
    render: (close) => <Forward conversation={conversation} message={message} close={close} />,
  });
}

function Forward(props: { conversation: Conversation; message: Message; close: () => void }) {
  const rows = client().chats.value.filter((row) => row.cannotSend === undefined);
  return (
    <div class="picker">
      <h2>{t().chat.forwardTo}</h2>
      <ul>
        {rows.map((row) => (
          <li>
            <button
              type="button"
              class="picker-row"
              onClick={() => {
                props.close();
                void tell(client().forward(props.conversation.id, props.message.seq, row.id)).then((outcome) => {
                  if (outcome.ok) say(t().chat.forwarded);
                });
              }}
            >
              <ChatSeal row={row} size="s" />
              <bdi>{chatName(row)}</bdi>
            </button>
          </li>
        ))}
      </ul>
      <div class="row-end">
        <button type="button" class="button" onClick={props.close}>
          {t().cancel}
        </button>
      </div>
    </div>
  );
}
