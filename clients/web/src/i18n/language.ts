// Which language the face speaks. The catalogue in use is a signal: whoever draws words draws them anew after a switch.
import { computed, signal } from '@preact/signals';
import type { Catalogue } from './catalogue';

export type Language = 'ja' | 'en';

export const languages: readonly { code: Language; name: string }[] = [
  { code: 'ja', name: '日本語' },
  { code: 'en', name: 'English' },
];

const storageKey = 'enishi.language';
const loaded = signal<{ language: Language; words: Catalogue } | undefined>(undefined);

export const language = computed<Language>(() => loaded.value?.language ?? 'en');

/** The words. Only after `speak` has ended once. */
export function t(): Catalogue {
  const now = loaded.value;
  if (!now) throw new Error('no language was loaded');
  return now.words;
}

/** The kept choice, else the first of the browser's languages that we speak, else English. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages, kept = keptChoice()): Language {
  if (kept === 'ja' || kept === 'en') return kept;
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'ja' || base === 'en') return base;
  }
  return 'en';
}

/** Loads a language and speaks it from then on. */
export async function speak(choice: Language): Promise<void> {
  const words = choice === 'ja' ? (await import('./ja')).ja : (await import('./en')).en;
  loaded.value = { language: choice, words };
  document.documentElement.lang = choice;
}

/** As `speak`, and remembered on this device. */
export async function chooseLanguage(choice: Language): Promise<void> {
  try {
    localStorage.setItem(storageKey, choice);
  } catch {
    // A browser that keeps nothing still speaks.
  }
  await speak(choice);
}

function keptChoice(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
