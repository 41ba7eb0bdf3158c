// Earlier texts of a message, and who has it.
import { useEffect, useState } from 'preact/hooks';
import type { Conversation, Message, Version } from '../../app/client';
import { moment } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { openDialog } from '../elements/dialogs';
import { nameOfHandle } from '../elements/names';
import { RichText } from '../text/RichText';

const nobody = { handles: new Set<string>(), all: false };

export function openVersions(conversation: Conversation, message: Message): void {
  openDialog({
    label: t().chat.versions,
    render: (close) => <Versions conversation={conversation} message={message} close={close} />,
  });
}

function Versions(props: { conversation: Conversation; message: Message; close: () => void }) {
  const [versions, setVersions] = useState<readonly Version[]>();
  useEffect(() => {
    void props.conversation.versions(props.message.seq).then(setVersions);
  }, []);
  return (
    <div class="versions">
      <h2>{t().chat.versions}</h2>
      {!versions && <p role="status">{t().loading}</p>}
      <ol>
        {versions?.map((version, index) => (
          <li>
            <p class="hint">
              {index === versions.length - 1
                ? `${moment(version.atMs)} (${t().chat.versionNow})`
                : moment(version.atMs)}
            </p>
            {version.held ? (
              <RichText text={version.text} mentions={nobody} />
            ) : (
              <p class="said-deleted">{t().chat.versionMissing}</p>
            )}
          </li>
        ))}
      </ol>
      <div class="row-end">
        <button type="button" class="button" onClick={props.close}>
          {t().close}
        </button>
      </div>
    </div>
  );
}

/** Who holds and who has read a message of mine, as far as those tied with me let me know. */
export function openDetails(conversation: Conversation, message: Message): void {
  openDialog({
    label: t().chat.details,
    render: (close) => <Details conversation={conversation} message={message} close={close} />,
  });
}

function Details(props: { conversation: Conversation; message: Message; close: () => void }) {
  const words = t().chat;
  const { seq } = props.message;
  const known = props.conversation.receipts.value.filter(
    (receipt) => receipt.fromSeq <= seq && (receipt.deliveredSeq >= seq || receipt.readSeq >= seq),
  );
  return (
    <div class="versions">
      <h2>{words.details}</h2>
      {known.length === 0 && <p>{words.detailsNone}</p>}
      <ul>
        {known.map((receipt) => (
          <li>
            <bdi>
              {(receipt.readSeq >= seq ? words.detailsRead : words.detailsDelivered)(nameOfHandle(receipt.handle))}
            </bdi>
          </li>
        ))}
      </ul>
      <div class="row-end">
        <button type="button" class="button" onClick={props.close}>
          {t().close}
        </button>
      </div>
    </div>
  );
}
