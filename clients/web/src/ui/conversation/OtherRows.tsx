// Rows that are no messages: what happened to a group, what is not here yet, the day, the line where one stopped.
import { useEffect } from 'preact/hooks';
import type { Conversation, Hole, SystemLine } from '../../app/client';
import { dayLabel, listOf, moment } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { meet, nameOf, nameOfHandle, nameOrYou } from '../elements/names';
import { lineWords } from '../list/preview';
import { now } from '../shell/screen';

export function SystemRow(props: { line: SystemLine; day: number; first: boolean; conversation: Conversation }) {
  const { line } = props;
  useEffect(() => {
    meet(line.author);
    for (const person of line.people) meet(person);
  }, [line]);
  return (
    <div class="row" role="article" tabIndex={-1} data-seq={line.seq}>
      {props.first && <Beginning conversation={props.conversation} />}
      {props.day > 0 && <Day at={props.day} />}
      <p class="system" title={moment(line.atMs)}>
        <bdi>
          {lineWords(
            line.what,
            nameOrYou(line.author.handle),
            line.people.map((person) => nameOrYou(person.handle)),
            line.title,
          )}
        </bdi>
      </p>
    </div>
  );
}

export function HoleRow(props: { hole: Hole; height: number }) {
  const { hole } = props;
  const words = hole.loading ? t().chat.loadingMessages(hole.count) : t().chat.missingMessages(hole.count);
  return (
    <div class="row row-hole" style={{ height: `${props.height}px` }}>
      <div class="hole-seen">
        <p class="hole-words">{words}</p>
      </div>
    </div>
  );
}

export function Day(props: { at: number }) {
  return (
    <div class="day">
      <time dateTime={new Date(props.at).toISOString()}>{dayLabel(props.at, now.value)}</time>
    </div>
  );
}

/** The thread: from here on it is new. */
export function UnreadLine() {
  return (
    <div class="unread-line">
      <span>{t().chat.newFrom}</span>
    </div>
  );
}

export function Beginning(props: { conversation: Conversation }) {
  const row = props.conversation.row.value;
  const words = t().chat;
  if (!row) return null;
  const text =
    row.kind === 'self'
      ? words.startSelf
      : row.kind === 'group'
        ? words.startGroup
        : words.startDirect(row.peer ? nameOf(row.peer) : t().somebody);
  return <p class="beginning">{text}</p>;
}

export function Typists(props: { conversation: Conversation }) {
  const names = props.conversation.typing.value.slice(0, 3).map(nameOfHandle);
  return (
    <div class="history-tail">
      {names.length > 0 && (
        <p class="typing">{names.length === 1 ? t().list.typingOne(names[0]!) : t().list.typingMany(listOf(names))}</p>
      )}
    </div>
  );
}
