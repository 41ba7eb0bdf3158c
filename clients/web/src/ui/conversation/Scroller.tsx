// Draws what is around the screen of a history of any length.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Conversation } from '../../app/client';
import { t } from '../../i18n/language';
import { say, tell } from '../elements/say';
import { client } from '../shell/session';
import { attentive } from '../reading/attention';
import { Dwell } from '../reading/dwell';
import { Jumps } from './Jumps';
import { MessageRow } from './MessageRow';
import { HoleRow, SystemRow, Typists } from './OtherRows';
import { gestures } from './gestures';
import { Scroll, type Drawn } from './scroll';

export function useScroll(conversation: Conversation): Scroll {
  const kept = useRef<Scroll>(undefined);
  if (kept.current?.conversation !== conversation) kept.current = new Scroll(conversation);
  return kept.current;
}

export function Scroller(props: { scroll: Scroll }) {
  const { scroll } = props;
  const { conversation } = scroll;
  const element = useRef<HTMLDivElement>(null);
  const space = useRef<HTMLDivElement>(null);
  const block = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => scroll.attach(element.current!, space.current!, block.current!), [scroll]);
  const rows =
    conversation.ready.value && conversation.revision.value >= 0 && scroll.drawing.value >= 0 ? scroll.prepare() : [];
  useLayoutEffect(() => scroll.afterRender());
  useReading(scroll);
  const line = scroll.line.value;
  return (
    <div
      ref={element}
      class="history"
      tabIndex={0}
      role="group"
      aria-label={t().chat.history}
      {...gestures(conversation, scroll)}
    >
      <div ref={space} class="history-space">
        <div ref={block} class="history-block">
          {rows.map((drawn) => (
            <Row key={drawn.key} drawn={drawn} scroll={scroll} line={line} />
          ))}
        </div>
      </div>
      <Typists conversation={conversation} />
      <Jumps scroll={scroll} />
    </div>
  );
}

function Row(props: { drawn: Drawn; scroll: Scroll; line: number }) {
  const { item, look, index } = props.drawn;
  const { conversation } = props.scroll;
  const first = index === 0;
  switch (item.kind) {
    case 'message': {
      const line = item.seq > 0 && item.seq === props.line;
      return (
        <MessageRow
          message={item}
          conversation={conversation}
          scroll={props.scroll}
          day={look.day}
          heads={look.heads || line}
          line={line}
          first={first}
          newest={index === conversation.count - 1}
          timed={look.timed}
        />
      );
    }
    case 'system':
      return <SystemRow line={item} day={look.day} first={first} conversation={conversation} />;
    case 'hole':
      return <HoleRow hole={item} height={props.scroll.track.heights.at(index)} />;
    default:
      return <div class="row row-unloaded" style={{ height: `${props.scroll.track.heights.at(index)}px` }} />;
  }
}

// The marker moves by what was on screen long enough; see dwell.ts.
const lookMs = 250;

// So many above the screen that were never on it are not read in silence: there is a way back.
const skippedMin = 10;

function markRead(scroll: Scroll, through: number): void {
  const { conversation } = scroll;
  const before = conversation.row.peek()?.unread ?? 0;
  const first = conversation.firstUnread.peek();
  client().markRead(conversation.id, through);
  const oldest = Math.min(...scroll.seqsOnScreen());
  if (first === 0 || oldest - first < skippedMin) return;
  const undo = () => {
    scroll.pauseReading();
    void tell(client().markUnreadFrom(conversation.id, first));
  };
  say(t().chat.skippedRead(before), { action: { label: t().undo, act: undo } });
}

function useReading(scroll: Scroll): void {
  useEffect(() => {
    const dwell = new Dwell();
    const timer = setInterval(() => {
      const { conversation } = scroll;
      const read = dwell.look(scroll.seqsOnScreen(), performance.now(), attentive() && scroll.reads);
      if (read > conversation.marker.peek()) markRead(scroll, read);
    }, lookMs);
    return () => clearInterval(timer);
  }, [scroll]);
}
