// What is set for this device only. Kept by the browser; a browser that keeps nothing has the defaults.
import { effect, signal } from '@preact/signals';

export interface Preferences {
  readonly enterSends: boolean;
  readonly notify: boolean;
  readonly notifyText: boolean;
}

const storageKey = 'enishi.preferences';
const defaults: Preferences = { enterSends: true, notify: false, notifyText: true };

export const preferences = signal<Preferences>(read());

export function prefer(change: Partial<Preferences>): void {
  preferences.value = { ...preferences.value, ...change };
}

export function keepPreferences(): void {
  effect(() => {
    const text = JSON.stringify(preferences.value);
    try {
      localStorage.setItem(storageKey, text);
    } catch {
      // Private windows may refuse; the choice then lasts as long as the page.
    }
  });
}

function read(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    const known =
      kept !== null && typeof kept === 'object' ? (kept as Partial<Record<keyof Preferences, unknown>>) : {};
    const flag = (key: keyof Preferences) =>
      typeof known[key] === 'boolean' ? (known[key] as boolean) : defaults[key];
    return { enterSends: flag('enterSends'), notify: flag('notify'), notifyText: flag('notifyText') };
  } catch {
    return defaults;
  }
}
