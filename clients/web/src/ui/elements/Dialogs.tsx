// Draws the stack of dialogs with the browser's own <dialog>: it holds the focus, makes the rest inert, closes on Escape
// and on Android's back gesture, and gives the focus back.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { closeDialog, dialogs, type OpenDialog } from './dialogs';

export function Dialogs() {
  return (
    <>
      {dialogs.value.map((dialog) => (
        <DialogFrame key={dialog.id} dialog={dialog} />
      ))}
    </>
  );
}

function DialogFrame(props: { dialog: OpenDialog }) {
  const { dialog } = props;
  const element = useRef<HTMLDialogElement>(null);
  const close = () => closeDialog(dialog.id);
  useLayoutEffect(() => {
    const frame = element.current!;
    const focused = document.activeElement;
    frame.showModal();
    focusBegin(frame);
    if (dialog.by) placeBy(frame, dialog.by);
    return () => {
      frame.close();
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={dialog.by ? 'dialog dialog-menu' : 'dialog'}
      aria-label={dialog.label}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === element.current) close(); // the veil belongs to the dialog element
      }}
    >
      <div class="dialog-body">{dialog.render(close)}</div>
    </dialog>
  );
}

// Where nothing asks for the focus it goes to the heading: the browser would take the first button, which may be the last
// thing of a long list.
function focusBegin(frame: HTMLDialogElement): void {
  if (frame.querySelector('[autofocus]')) return;
  const heading = frame.querySelector('h2');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}

const edge = 8;

// Below the element where there is room, else above; never outside of the screen. A narrow screen shows menus as a
// sheet at the lower edge instead: styles/elements.css.
function placeBy(frame: HTMLDialogElement, by: Element): void {
  const at = by.getBoundingClientRect();
  const size = frame.getBoundingClientRect();
  const below = at.bottom + 4 + size.height <= innerHeight - edge;
  const top = below
    ? at.bottom + 4
    : Math.max(edge, Math.min(at.top - 4 - size.height, innerHeight - edge - size.height));
  const left = Math.max(edge, Math.min(at.right - size.width, innerWidth - edge - size.width));
  frame.style.setProperty('--menu-top', `${Math.round(top)}px`);
  frame.style.setProperty('--menu-left', `${Math.round(left)}px`);
}
