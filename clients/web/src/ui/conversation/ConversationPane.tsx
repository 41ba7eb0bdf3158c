import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Conversation, Id } from '../../app/client';
import { t } from '../../i18n/language';
import { Composer } from '../composer/Composer';
import { chatName, nameOf } from '../elements/names';
import { focused } from '../reading/attention';
import { go } from '../shell/route';
import { client } from '../shell/session';
import { oneLine } from '../text/preview';
import { ChatHead } from './ChatHead';
import { jumpTo } from './MessageParts';
import { useFlashEnd } from './Jumps';
import { batonHere } from './baton';
import { caretWanted } from '../composer/caret_wanted';
import { Pins } from './Pins';
import { Scroller, useScroll } from './Scroller';
import type { Scroll } from './scroll';

export function ConversationPane(props: { chat: Id; seq?: number | undefined }) {
  const { chat } = props;
  const conversation = useMemo(() => client().open(chat), [chat]);
  useEffect(() => () => conversation.close(), [conversation]);
  const scroll = useScroll(conversation);
  useLine(scroll);
  useBaton(conversation, scroll);
  useFlashEnd(scroll);
  const ready = conversation.ready.value;
  useEffect(() => {
    if (ready && props.seq) void jumpTo(scroll, props.seq);
  }, [ready, props.seq, scroll]);
  const row = conversation.row.value;
  if (ready && !row && client().chatsKnown.value) return <Gone />;
  return (
    <section class="chat" aria-label={row ? chatName(row) : t().loading}>
      <ChatHead conversation={conversation} scroll={scroll} />
      <Pins conversation={conversation} scroll={scroll} />
      <div class="chat-body">
        <Scroller scroll={scroll} />
      </div>
      <Composer key={chat} conversation={conversation} scroll={scroll} />
      <Log chat={chat} />
    </section>
  );
}

/** The line stands where one stopped when one came. What comes while one looks away begins a new one. */
function useLine(scroll: Scroll): void {
  useSignalEffect(() => {
    const first = scroll.conversation.firstUnread.value;
    if (!focused.value && scroll.conversation.ready.value && first > scroll.line.peek()) scroll.line.value = first;
  });
}

function useBaton(conversation: Conversation, scroll: Scroll): void {
  useEffect(() => {
    client().baton.setPlace(() => ({
      chat: conversation.id,
      ...scroll.here(),
      caret: conversation.draft.view.peek().caret,
    }));
    return () => client().baton.setPlace(undefined);
  }, [conversation, scroll]);
  useSignalEffect(() => {
    const passed = batonHere.value;
    if (passed?.chat !== conversation.id || !conversation.ready.value) return;
    batonHere.value = undefined;
    void (async () => {
      const index = passed.anchorSeq > 0 ? await conversation.reveal(passed.anchorSeq) : -1;
      if (index >= 0) scroll.aim(index, { above: passed.anchorOffset });
      else scroll.goNewest();
      caretWanted.value = { chat: passed.chat, points: passed.caret };
      passed.taken();
    })();
  });
}

function Gone() {
  return (
    <div class="blank">
      <p>{t().chat.gone}</p>
      <button type="button" class="button" onClick={() => go({ kind: 'list' }, { replace: true })}>
        {t().chat.toList}
      </button>
    </div>
  );
}

const toldMax = 3;

/** Tells screen readers what comes in. The rows come and go with scrolling and would be told again and again. */
function Log(props: { chat: Id }) {
  const told = useSignal<readonly { key: string; words: string }[]>([]);
  useEffect(() => {
    told.value = [];
    return client().onArrival((arrival) => {
      if (arrival.chat !== props.chat) return;
      const one = {
        key: `${arrival.chat}${arrival.seq}`,
        words: `${nameOf(arrival.author)}: ${oneLine(arrival.text)}`,
      };
      told.value = [...told.value, one].slice(-toldMax);
    });
  }, [props.chat]);
  return (
    <div class="unseen" role="log" aria-live="polite" aria-label={t().chat.log}>
      {told.value.map((one) => (
        <p key={one.key}>{one.words}</p>
      ))}
    </div>
  );
}
