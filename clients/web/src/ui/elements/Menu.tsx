// A menu of actions: a small sheet by its button on a wide screen, at the lower edge of a phone.
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { openDialog } from './dialogs';
import { Icon, type IconName } from './Icon';

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly act: () => void;
  readonly danger?: boolean;
  readonly filled?: boolean;
  readonly key?: string; // the key that does the same, shown beside it
}

/** Opens a menu by an element. `head` stands above the items (quick reactions). */
export function openMenu(
  by: Element,
  label: string,
  items: readonly MenuItem[],
  head?: (close: () => void) => ComponentChildren,
): void {
  openDialog({
    label,
    by,
    render: (close) => <Menu items={items} close={close} head={head?.(close)} />,
  });
}

function Menu(props: { items: readonly MenuItem[]; close: () => void; head: ComponentChildren }) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...list.current!.querySelectorAll<HTMLButtonElement>('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  return (
    <div class="menu" onKeyDown={move}>
      {props.head}
      <div ref={list}>
        {props.items.map((item, index) => (
          <button
            type="button"
            class={item.danger ? 'menu-item menu-item-danger' : 'menu-item'}
            autofocus={index === 0 && !props.head}
            onClick={() => {
              props.close();
              item.act();
            }}
          >
            <Icon name={item.icon} filled={item.filled ?? false} />
            <span>{item.label}</span>
            {item.key && <kbd>{item.key}</kbd>}
          </button>
        ))}
      </div>
    </div>
  );
}
