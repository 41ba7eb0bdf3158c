// A person's seal: his picture, or the first letter of his name in his colour, square like a stamp.
import { useEffect, useState } from 'preact/hooks';
import { hueOf, type ChatRow, type Id, type Person } from '../../app/client';
import { client } from '../shell/session';
import { firstGrapheme } from '../text/emoji';
import { Icon } from './Icon';
import { nameOf } from './names';

export type SealSize = 's' | 'm' | 'l' | 'xl';

/** Decorative: the name always stands beside it. `chat`: where the person was met, when he is not tied to me. */
export function Seal(props: { person: Person; size?: SealSize; chat?: Id | undefined; online?: boolean }) {
  const { person, size = 'm' } = props;
  const picture = usePicture(person, props.chat);
  return (
    <span class={`seal seal-${size}`} style={{ '--hue': hueOf(person) }} aria-hidden="true">
      {picture ? <img src={picture} alt="" draggable={false} /> : <span class="seal-letter">{sealLetter(person)}</span>}
      {props.online && <span class="seal-online" />}
    </span>
  );
}

function sealLetter(person: Person): string {
  return firstGrapheme(nameOf(person).replace(/^@/, '')).toLocaleUpperCase();
}

export function ChatSeal(props: { row: ChatRow; size?: SealSize; online?: boolean }) {
  const { row, size = 'm' } = props;
  if (row.peer) return <Seal person={row.peer} size={size} chat={row.id} online={props.online ?? false} />;
  return (
    <span class={`seal seal-${size} seal-place`} style={{ '--hue': hueOf({ id: row.id, hue: 0 }) }} aria-hidden="true">
      {row.kind === 'self' ? <Icon name="edit" /> : <span class="seal-letter">{firstGrapheme(row.title)}</span>}
    </span>
  );
}

function usePicture(person: Person, chat: Id | undefined): string | undefined {
  const [picture, setPicture] = useState<{ id: string; url: string }>();
  useEffect(() => {
    if (person.pictureId === '') return undefined;
    let wanted = true;
    void client()
      .picture(person, chat)
      .then((url) => {
        if (wanted && url) setPicture({ id: person.pictureId, url });
      });
    return () => {
      wanted = false;
    };
  }, [person.pictureId, person.handle, chat]);
  return picture?.id === person.pictureId && picture.id !== '' ? picture.url : undefined;
}
