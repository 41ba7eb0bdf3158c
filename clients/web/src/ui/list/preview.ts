// The second line of a row: what happened last, in words.
import type { ChatRow } from '../../app/client';
import { listOf } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { nameOfHandle, nameOrYou } from '../elements/names';
import { oneLine } from '../text/preview';
import { shownControls } from '../text/tokens';

type Preview = NonNullable<ChatRow['preview']>;

export function previewWords(row: ChatRow, preview: Preview): string {
  if (preview.kind !== 'message') return systemWords(preview);
  const text = preview.deleted ? t().list.deleted : oneLine(preview.text);
  if (row.kind !== 'group') return text;
  return preview.mine ? t().list.you(text) : `${nameOfHandle(preview.author)}: ${text}`;
}

function systemWords(preview: Preview): string {
  return lineWords(preview.kind, nameOrYou(preview.author), preview.people.map(nameOrYou), preview.text);
}

/** What happened to a group, in one sentence. `unknown` and messages have none. */
export function lineWords(what: Preview['kind'], who: string, people: readonly string[], title: string): string {
  const words = t().lines;
  const shown = shownControls(title);
  switch (what) {
    case 'created':
      return shown ? words.createdTitle(who, shown) : words.created(who);
    case 'added':
      return words.added(who, listOf(people));
    case 'removed':
      return words.removed(who, listOf(people));
    case 'left':
      return people.length > 0 ? words.leftTo(who, listOf(people)) : words.left(who);
    case 'titled':
      return words.titled(who, shown);
    case 'message':
    case 'unknown':
      return '';
  }
}
