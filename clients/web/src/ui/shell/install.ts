// Putting the page on the screen of the device.
import { signal } from '@preact/signals';

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
  readonly userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** Offered by the browser (Chromium); kept until it is used. */
export const installPrompt = signal<InstallPrompt | undefined>(undefined);
export const installed = signal(isInstalled());

function isInstalled(): boolean {
  return (
    matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true
  );
}

export function isIos(): boolean {
  return (
    /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
  );
}

export function watchInstall(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    installPrompt.value = event as InstallPrompt;
  });
  window.addEventListener('appinstalled', () => {
    installPrompt.value = undefined;
    installed.value = true;
  });
}

export async function install(): Promise<void> {
  const prompt = installPrompt.value;
  if (!prompt) return;
  await prompt.prompt();
  const { outcome } = await prompt.userChoice;
  installPrompt.value = undefined;
  if (outcome === 'accepted') installed.value = true;
}
