// Passing a text on: the share sheet of the system where there is one, else the clipboard.
import { t } from '../../i18n/language';
import { say } from './say';

export function canShare(): boolean {
  return typeof navigator.share === 'function';
}

export async function shareText(text: string, url?: string): Promise<void> {
  if (canShare()) {
    try {
      await navigator.share(url === undefined ? { text } : { text, url });
      return;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return; // changed their mind
    }
  }
  await copy(url === undefined ? text : `${text} ${url}`);
}

/** Copies, and says so. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyBySelection(text);
  }
  say(t().copied);
}

// Browsers without clipboard permission still copy what is selected.
function copyBySelection(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
