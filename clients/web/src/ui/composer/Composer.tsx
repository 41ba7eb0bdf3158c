import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Conversation, DraftField } from '../../app/client';
import { number } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { IconButton } from '../elements/IconButton';
import { chatName } from '../elements/names';
import { wordsFor, say } from '../elements/say';
import { dropEdit, editingIn, startEdit, stopEdit, type Editing } from '../conversation/pending';
import type { Scroll } from '../conversation/scroll';
import { preferences } from '../shell/preferences';
import { coarse, screenKeyboardOpen } from '../shell/screen';
import { client } from '../shell/session';
import { pointsBefore, unitsBefore } from './caret';
import { caretWanted } from './caret_wanted';
import { completed } from './completion';
import { DraftLines, ReplyBar } from './DraftLines';
import { meaningOf, type KeyMeaning } from './keys';
import { lastOwn } from './last_own';
import { roomFor } from './length';
import { MentionList, useMentions, type Mentioning } from './MentionList';

export function Composer(props: { conversation: Conversation; scroll: Scroll }) {
  const { conversation } = props;
  const row = conversation.row.value;
  if (!row) return null;
  if (row.cannotSend) {
    return (
      <p class="composer-closed" role="note">
        {row.cannotSend === 'ended' ? t().chat.ended : t().chat.blockedByMe}
      </p>
    );
  }
  const edit = editingIn(conversation.id);
  const name = chatName(row);
  // Another field for each purpose: what is typed in one never shows up in the other.
  return edit ? (
    <Field key={`edit ${edit.message.key}`} {...props} name={name} edit={edit} />
  ) : (
    <Field key="new" {...props} name={name} />
  );
}

interface FieldProps {
  conversation: Conversation;
  scroll: Scroll;
  name: string;
  edit?: Editing;
}

function Field(props: FieldProps) {
  const { conversation, edit } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const text = useSignal(edit?.text ?? conversation.draft.view.peek().text);
  const input = useInput(props, field, text);
  const { mentioning } = input;
  useLayoutEffect(() => grow(field.current!), [text.value]);
  useEffect(() => {
    if (edit || !coarse.peek()) field.current!.focus({ preventScroll: true });
  }, []);
  const room = roomFor(text.value, client().bodyBytesMax.value);
  const empty = text.value.trim() === '';
  return (
    <div class="composer">
      {edit ? <EditBar conversation={conversation} /> : <DraftLines conversation={conversation} />}
      {!edit && <ReplyBar conversation={conversation} />}
      <MentionList mentioning={mentioning} onChoose={input.complete} />
      <div class="composer-row">
        <textarea
          ref={field}
          class="composer-field"
          rows={1}
          dir="auto"
          aria-label={t().composer.label(props.name)}
          aria-autocomplete="list"
          aria-controls={mentioning.open.value ? 'mention-list' : undefined}
          aria-activedescendant={mentioning.open.value ? `mention-${mentioning.chosen.value}` : undefined}
          placeholder={
            conversation.row.value?.kind === 'self' ? t().composer.placeholderSelf : t().composer.placeholder
          }
          enterkeyhint={preferences.value.enterSends && !coarse.value ? 'send' : 'enter'}
          onInput={input.onInput}
          onPaste={onPaste}
          onKeyDown={input.onKeyDown}
          onFocus={input.onFocus}
          onBlur={input.onBlur}
          onCompositionStart={input.onCompositionStart}
          onCompositionEnd={input.onCompositionEnd}
        />
        <IconButton
          class="composer-send"
          keepFocus
          icon={edit ? 'check' : 'send'}
          label={edit ? t().composer.saveEdit : t().composer.send}
          disabled={empty || room.left < 0}
          onClick={input.send}
        />
      </div>
      {room.near && (
        <p class={room.left < 0 ? 'composer-room fault' : 'composer-room hint'} role="status">
          {room.left < 0 ? t().composer.over(number(-room.left)) : t().composer.left(number(room.left))}
        </p>
      )}
    </div>
  );
}

function EditBar(props: { conversation: Conversation }) {
  return (
    <div class="composer-bar">
      <span>{t().composer.editing}</span>
      <IconButton icon="close" label={t().composer.stopEdit} onClick={() => dropEdit(props.conversation)} />
    </div>
  );
}

/** All that happens in the field. */
function useInput(
  props: FieldProps,
  field: { current: HTMLTextAreaElement | null },
  text: { value: string; peek(): string },
) {
  const { conversation, scroll, edit } = props;
  const { draft } = conversation;
  const composing = useRef({ on: false, endedAt: -Infinity });
  const mentioning = useMentions(conversation);

  const changed = () => {
    const element = field.current!;
    text.value = element.value;
    const caret = element.selectionStart;
    mentioning.look(element.value, caret);
    if (edit) {
      edit.text = element.value;
      return;
    }
    draft.input(element.value, pointsBefore(element.value, caret));
    client().type(conversation.id);
  };
  const put = (value: string, caret: number) => {
    const element = field.current!;
    element.value = value;
    element.setSelectionRange(caret, caret);
    changed();
  };
  useFromOutside(props, field, text);
  useCaret(field, (value, caret) => {
    if (composing.current.on) return;
    mentioning.look(value, caret);
    if (!edit) draft.moved(pointsBefore(value, caret));
  });

  const send = () => void submit(props, field.current!, text, put);
  const complete = (handle: string) => {
    const element = field.current!;
    const at = mentioning.query.peek();
    if (!at) return;
    const done = completed(element.value, at, element.selectionStart, handle);
    element.focus();
    put(done.text, done.caret);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const element = field.current!;
    if (intoMessages(event)) return;
    const meaning = meaningOf(event, {
      enterSends: preferences.value.enterSends && !screenKeyboardOpen(),
      composing: composing.current.on,
      compositionEndedAt: composing.current.endedAt,
      empty: element.value === '',
      completing: mentioning.open.peek(),
    });
    if (act(meaning)) event.preventDefault();
  };
  const act = (meaning: KeyMeaning): boolean => {
    if (meaning === 'send') send();
    else if (meaning === 'complete') complete(mentioning.choice());
    else if (meaning === 'next' || meaning === 'previous') mentioning.step(meaning === 'next' ? 1 : -1);
    else if (meaning === 'editLast') return !edit && editLast(conversation);
    else if (meaning === 'leave') return leave(mentioning, edit && conversation, scroll);
    else return false;
    return true;
  };
  return { mentioning, send, complete, onKeyDown, onInput: changed, ...eventsFor(edit ? undefined : draft, composing) };
}

// "select" is told of selections only, not of a caret that moves.
function useCaret(field: { current: HTMLTextAreaElement | null }, moved: (value: string, caret: number) => void): void {
  useEffect(() => {
    const look = () => {
      const element = field.current;
      if (element && document.activeElement === element) moved(element.value, element.selectionStart);
    };
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, []);
}

/** What a draft has to know of its field: focus, caret, conversions. */
function eventsFor(draft: DraftField | undefined, composing: { current: { on: boolean; endedAt: number } }) {
  return {
    onFocus: () => draft?.focus(true),
    onBlur: () => draft?.focus(false),
    onCompositionStart: () => {
      composing.current.on = true;
      draft?.composing(true);
    },
    onCompositionEnd: (event: CompositionEvent) => {
      composing.current = { on: false, endedAt: event.timeStamp };
      draft?.composing(false);
    },
  };
}

// A field takes text alone. Who pastes a picture is told why nothing came.
function onPaste(event: ClipboardEvent): void {
  const data = event.clipboardData;
  if (data && data.files.length > 0 && !data.types.includes('text/plain')) say(t().settings.notHereFiles);
}

function intoMessages(event: KeyboardEvent): boolean {
  if (event.key !== 'ArrowUp' || !(event.ctrlKey || event.metaKey)) return false;
  event.preventDefault();
  document.querySelector<HTMLElement>('.history .row:last-of-type')?.focus();
  return true;
}

/** What comes from outside: another device's draft, a restored one, the cleared one after a send; the baton's caret. */
function useFromOutside(
  props: FieldProps,
  field: { current: HTMLTextAreaElement | null },
  text: { value: string },
): void {
  const { draft } = props.conversation;
  const begin = props.edit?.text ?? draft.view.peek().text;
  const taken = useRef(-1);
  useLayoutEffect(() => {
    field.current!.value = begin;
    field.current!.setSelectionRange(begin.length, begin.length);
  }, []);
  useSignalEffect(() => {
    const view = draft.view.value;
    const element = field.current;
    if (props.edit || !element || view.version === taken.current) return;
    taken.current = view.version;
    if (element.value !== view.text) {
      element.value = view.text;
      text.value = view.text;
    }
    const caret = unitsBefore(view.text, view.caret);
    element.setSelectionRange(caret, caret);
  });
  useSignalEffect(() => {
    const caret = caretWanted.value;
    const element = field.current;
    if (caret?.chat !== props.conversation.id || props.edit || !element) return;
    const units = unitsBefore(element.value, caret.points);
    element.focus({ preventScroll: true });
    element.setSelectionRange(units, units);
    caretWanted.value = undefined;
  });
  useEffect(() => {
    const hidden = () => {
      if (document.visibilityState === 'hidden') void draft.flush();
    };
    document.addEventListener('visibilitychange', hidden);
    return () => document.removeEventListener('visibilitychange', hidden);
  }, []);
}

/** Sends, or saves the edit. Whatever is refused stays in the field. */
async function submit(
  props: FieldProps,
  element: HTMLTextAreaElement,
  text: { peek(): string; value: string },
  put: (value: string, caret: number) => void,
): Promise<void> {
  const { conversation, edit } = props;
  const written = element.value;
  const body = written.trimEnd();
  if (body.trim() === '' || roomFor(body, client().bodyBytesMax.peek()).left < 0) return;
  if (edit) {
    const { text: before, seq } = edit.message;
    const outcome = body === before ? undefined : await client().edit(conversation.id, seq, body);
    if (outcome && !outcome.ok) say(wordsFor(outcome.failure), { fault: true });
    else stopEdit(conversation.id);
    return;
  }
  const { replyTo } = conversation.draft.view.peek();
  element.value = '';
  text.value = '';
  props.scroll.line.value = 0; // who answers has arrived
  props.scroll.goNewest();
  const outcome = await client().send(conversation.id, body, replyTo > 0 ? { replyTo } : {});
  if (outcome.ok) return;
  // What was typed meanwhile stands behind what came back.
  const meanwhile = element.value;
  put(meanwhile === '' ? written : `${written}\n${meanwhile}`, written.length);
  say(wordsFor(outcome.failure), { fault: true });
}

function editLast(conversation: Conversation): boolean {
  const message = lastOwn(conversation);
  if (!message) return false;
  startEdit(conversation, message);
  return true;
}

function leave(mentioning: Mentioning, edits: Conversation | undefined, scroll: Scroll): boolean {
  if (mentioning.open.peek()) mentioning.close();
  else if (edits) dropEdit(edits);
  else if (!scroll.atEnd) scroll.goNewest();
  else return false;
  return true;
}

const sizesItself = typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content');

function grow(element: HTMLTextAreaElement): void {
  if (sizesItself) return;
  element.style.height = 'auto';
  element.style.height = `${element.scrollHeight}px`;
}
