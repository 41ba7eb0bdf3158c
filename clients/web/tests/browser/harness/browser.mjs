// Debian's Chromium, and devices in it: a phone and a PC, each with storage of its own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as driver } from 'playwright-core';
import { chromium, root, temporaryFolder } from './files.mjs';
import { atEnd } from './scope.mjs';

const flags = [
  '--no-sandbox', // the tests may run as root, and open nothing but our own pages
  '--disable-dev-shm-usage', // a container's /dev/shm is small
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--use-fake-ui-for-media-stream', // a camera is there and allowed
  '--use-fake-device-for-media-stream',
  '--font-render-hinting=none', // the same letters on every machine
];

/** One browser process; ends with `scope`. Its devices share it. */
export async function launch(scope, options = {}) {
  const browser = await driver.launch({ executablePath: chromium, args: flags, ...options });
  atEnd(scope, () => browser.close());
  return browser;
}

const kinds = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  pc: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
};
const common = { locale: 'en-US', timezoneId: 'Asia/Tokyo', colorScheme: 'light', reducedMotion: 'reduce' };

/** One device: a context, and what went wrong on its pages. */
export class Device {
  /** One line each: errors on the console, uncaught ones, violations of the page's policy, requests to elsewhere. */
  problems = [];

  constructor(context, origin) {
    this.context = context;
    this.origin = origin;
  }

  /** Must come before the first page. */
  async watch() {
    const { context, origin, problems } = this;
    // A violation shows on the console too, but without its place.
    await context.exposeBinding('enishiViolation', (_source, text) => problems.push(`policy: ${text}`));
    await context.addInitScript(() =>
      addEventListener('securitypolicyviolation', (event) =>
        globalThis.enishiViolation(
          `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
        ),
      ),
    );
    context.on('console', (message) => {
      if (message.type() === 'error') problems.push(`console: ${message.text()} ${message.location().url}`);
    });
    context.on('weberror', (error) => problems.push(`uncaught: ${error.error().stack ?? error.error()}`));
    context.on('request', (request) => {
      const { protocol, origin: from } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && from.replace(/^ws/, 'http') !== origin)
        problems.push(`elsewhere: ${request.url()}`);
    });
  }

  /** A new tab, at `path` of the place. */
  async open(path = '/') {
    const page = await this.context.newPage();
    await page.goto(new URL(path, this.origin).href);
    return page;
  }

  /** Opens a link that the daemon or another device made. */
  async follow(link) {
    const page = await this.context.newPage();
    await page.goto(link);
    return page;
  }

  /** Cuts the network off, or gives it back: pages, workers and sockets. */
  async offline(is = true) {
    await this.context.setOffline(is);
  }

  /** Slows the processor of one page down, `times` fold. */
  async slowDown(page, times) {
    const session = await this.context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: times });
  }

  async close() {
    await this.context.close();
  }
}

/**
 * A device of its own in `browser`. `kind`: 'phone' or 'pc'. `options`: of Playwright's newContext, such as locale
 * ('ja-JP'), colorScheme ('dark'), forcedColors, reducedMotion.
 */
export async function device(scope, browser, kind, origin, options = {}) {
  const context = await browser.newContext({ ...common, ...kinds[kind], ...options });
  context.setDefaultTimeout(Number(process.env.ENISHI_PATIENCE ?? 30_000));
  atEnd(scope, () => context.close());
  const made = new Device(context, origin);
  await made.watch();
  return made;
}
export const phone = (scope, browser, origin, options) => device(scope, browser, 'phone', origin, options);
export const pc = (scope, browser, origin, options) => device(scope, browser, 'pc', origin, options);

/**
 * A device whose storage outlives its browser: `again()` ends the browser as a person does who closes it, and gives the
 * same device in a new one.
 */
export async function keptDevice(scope, kind, origin, options = {}) {
  const folder = temporaryFolder(scope);
  const start = async () => {
    const context = await driver.launchPersistentContext(folder, {
      executablePath: chromium,
      args: flags,
      ...common,
      ...kinds[kind],
      ...options,
    });
    atEnd(scope, () => context.close());
    const made = new Device(context, origin);
    await made.watch();
    made.again = async () => {
      await context.close();
      return start();
    };
    return made;
  };
  return start();
}

/** Writes build/screens/NAME.png. */
export async function screenshot(page, name, options = {}) {
  const folder = join(root, 'build/screens');
  mkdirSync(folder, { recursive: true });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide', ...options });
}
