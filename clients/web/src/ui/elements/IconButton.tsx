import type { TargetedMouseEvent } from 'preact';
import { Icon, type IconName } from './Icon';

/** A button that shows an icon only; its name is told to screen readers and on hover. */
export function IconButton(props: {
  icon: IconName;
  label: string;
  onClick: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
  filled?: boolean;
  pressed?: boolean | undefined;
  disabled?: boolean;
  class?: string;
  menu?: boolean; // it opens one
  keepFocus?: boolean; // the field that has the focus keeps it: its keyboard stays open
  aside?: boolean; // the Tab key passes it by: a key of its own does the same
}) {
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ''}`}
      aria-label={props.label}
      title={props.label}
      aria-pressed={props.pressed}
      aria-haspopup={props.menu ? 'dialog' : undefined}
      disabled={props.disabled}
      tabIndex={props.aside ? -1 : undefined}
      onMouseDown={props.keepFocus ? (event) => event.preventDefault() : undefined}
      onClick={props.onClick}
    >
      <Icon name={props.icon} filled={props.filled ?? false} />
    </button>
  );
}
