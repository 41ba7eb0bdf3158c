import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/language';
import { dialogs } from './dialogs';
import { IconButton } from './IconButton';
import { said, unsay } from './say';

/** The notices, told to screen readers as they come. A popover, because nothing else is seen above an open dialog. */
export function Saids() {
  const element = useRef<HTMLDivElement>(null);
  const shown = said.value;
  useLayoutEffect(() => {
    const here = element.current!;
    if (typeof here.showPopover !== 'function') return; // older browsers show it below dialogs
    const open = here.matches(':popover-open');
    if (open && shown.length > 0 && dialogs.peek().length > 0) here.hidePopover(); // to come above what opened since
    if (!here.matches(':popover-open')) here.showPopover();
  }, [shown]);
  return (
    <div ref={element} class="saids" popover="manual" role="status" aria-label={t().notices.region}>
      {shown.map((notice) => (
        <div key={notice.id} class="said-notice">
          <span>{notice.text}</span>
          {notice.action && (
            <button
              type="button"
              class="said-action"
              onClick={() => {
                notice.action!.act();
                unsay(notice.id);
              }}
            >
              {notice.action.label}
            </button>
          )}
          <IconButton icon="close" label={t().notices.dismiss} onClick={() => unsay(notice.id)} />
        </div>
      ))}
    </div>
  );
}
