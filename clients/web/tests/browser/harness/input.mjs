// What Playwright's keyboard cannot: writing Japanese, a page that the system puts to sleep.

/** Kana conversion in the field that has the focus, through the browser's own input method events. */
export class Ime {
  #session;

  static async of(page) {
    const ime = new Ime();
    ime.#session = await page.context().newCDPSession(page);
    return ime;
  }

  /** Shows `text` as not yet decided; each call replaces what it showed. */
  async compose(text) {
    await this.#session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  }

  /** Enter decides on `text`, as Chrome and Firefox tell it: the key first, then the end of the conversion. */
  async decide(text) {
    await this.#key({ key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 });
    await this.#session.send('Input.insertText', { text });
  }

  /** The same as Safari tells it: the conversion ends, and then comes an Enter that only its key code gives away. */
  async decideAsSafari(text) {
    await this.#session.send('Input.insertText', { text });
    await this.#key({ key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
  }

  async #key(key) {
    await this.#session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await this.#session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }
}

/** Stops a page as a phone does with one in the background: no timer runs, no message is handled. */
export async function freeze(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  return {
    thaw: async () => {
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await session.detach();
    },
  };
}
