// What stands above the page: one stack of dialogs, drawn by `Dialogs`. Opened by whoever needs an answer.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

export interface OpenDialog {
  readonly id: number;
  readonly render: (close: () => void) => ComponentChildren;
  readonly onClose: () => void;
  /** A menu stands by this element on a wide screen; anything else in the middle. */
  readonly by?: Element | undefined;
  readonly label: string;
}

export const dialogs = signal<readonly OpenDialog[]>([]);
let nextId = 1;

/** Opens a dialog; the returned function closes it. `onClose` runs once, however it was closed. */
export function openDialog(what: {
  label: string;
  render: (close: () => void) => ComponentChildren;
  onClose?: () => void;
  by?: Element | undefined;
}): () => void {
  const id = nextId++;
  const close = () => closeDialog(id);
  dialogs.value = [
    ...dialogs.peek(),
    { id, label: what.label, render: what.render, by: what.by, onClose: what.onClose ?? (() => {}) },
  ];
  return close;
}

export function closeDialog(id: number): void {
  const found = dialogs.peek().find((dialog) => dialog.id === id);
  if (!found) return;
  dialogs.value = dialogs.peek().filter((dialog) => dialog.id !== id);
  found.onClose();
}

export function closeAllDialogs(): void {
  for (const { id } of [...dialogs.peek()].reverse()) closeDialog(id);
}
