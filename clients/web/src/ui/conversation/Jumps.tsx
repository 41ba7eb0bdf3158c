import { useSignalEffect } from '@preact/signals';
import { number } from '../../i18n/dates';
import { t } from '../../i18n/language';
import { IconButton } from '../elements/IconButton';
import type { Scroll } from './scroll';

/** The buttons that lead through a long history. */
export function Jumps(props: { scroll: Scroll }) {
  const { scroll } = props;
  const { conversation } = scroll;
  const unread = conversation.row.value?.unread ?? 0;
  const firstUnread = conversation.firstUnread.value;
  const firstIndex = firstUnread > 0 ? conversation.indexOf(firstUnread) : -1;
  const above = conversation.revision.value >= 0 && firstIndex >= 0 && firstIndex < scroll.firstVisible.value;
  const cameFrom = scroll.cameFrom.value !== undefined;
  return (
    <div class="jumps-hold">
      <div class="jumps">
        {above && (
          <IconButton class="jump" icon="up" label={t().chat.toFirstUnread} onClick={() => scroll.aim(firstIndex)} />
        )}
        {(scroll.away.value || cameFrom) && (
          <div class="jump-down">
            {unread > 0 && (
              <span class="stamp" aria-hidden="true">
                {unread > 999 ? '999+' : number(unread)}
              </span>
            )}
            <IconButton
              class="jump"
              icon="down"
              label={cameFrom ? t().chat.backToPlace : unread > 0 ? t().chat.toNewestUnread(unread) : t().chat.toNewest}
              onClick={() => scroll.goDown()}
            />
          </div>
        )}
      </div>
    </div>
  );
}

/** What a jump pointed out is pointed out for a moment only. */
export function useFlashEnd(scroll: Scroll): void {
  useSignalEffect(() => {
    const key = scroll.flash.value;
    if (key === undefined) return undefined;
    const timer = setTimeout(() => {
      if (scroll.flash.peek() === key) scroll.flash.value = undefined;
    }, 1600);
    return () => clearTimeout(timer);
  });
}
