/** For work that nobody awaits. A database that was closed meanwhile (the tab ends, the device was signed out) is no news;
 *  anything else is told, and comes again with the next change or connection. */
export function inBackground(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'InvalidStateError') return;
    console.warn('enishi: work in the background failed', error);
  });
}
