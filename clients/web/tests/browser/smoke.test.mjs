// The page comes as it should, from the daemon, and stays in its limits.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Cli, Daemon, fileScope, keptDevice, launch, pc, phone, screenshot, until } from './harness/harness.mjs';

const file = fileScope();
let daemon, browser;
before(async () => {
  daemon = await Daemon.start(file);
  browser = await launch(file);
});

const shows = (page) => until(() => page.evaluate(() => document.body.innerText.trim() !== ''), 'something to read');
const serves = (page) =>
  until(() => page.evaluate(() => navigator.serviceWorker.ready.then((it) => it.active?.state === 'activated')), 'a worker');

test('the page and what it names come with their headers', async () => {
  const page = await fetch(daemon.origin);
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('cache-control'), 'no-store');
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
  assert.match(page.headers.get('content-security-policy'), /^default-src 'none'; /);
  const html = await page.text();
  const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  assert.ok(assets.length > 0);
  for (const path of assets) {
    const asset = await fetch(new URL(path, daemon.origin), { headers: { 'accept-encoding': 'br' } });
    assert.equal(asset.status, 200, path);
    if (!path.startsWith('/assets/')) continue;
    assert.equal(asset.headers.get('cache-control'), 'public, max-age=31536000, immutable', path);
    if (/\.(js|css)$/.test(path)) assert.equal(asset.headers.get('content-encoding'), 'br', path);
  }
  assert.doesNotMatch(html, /https?:\/\/(?!www\.w3\.org)/, 'nothing comes from elsewhere');
});

for (const [kind, make] of Object.entries({ phone, pc }))
  for (const locale of ['en-US', 'ja-JP'])
    test(`it opens on a ${kind} in ${locale} without a word on the console`, async (t) => {
      const device = await make(t, browser, daemon.origin, { locale });
      const page = await device.open();
      await shows(page);
      await screenshot(page, `smoke-${kind}-${locale.slice(0, 2)}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'no sideways scrolling');
      assert.deepEqual(device.problems, []);
    });

test('the service worker installs, and serves the page without a network', async (t) => {
  const device = await phone(t, browser, daemon.origin);
  const page = await device.open();
  await serves(page);
  await page.reload();
  await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), 'a page under its worker');
  await device.offline();
  await page.reload();
  await shows(page);
  assert.deepEqual(device.problems.filter((line) => line.startsWith('policy')), []);
});

test('what a link holds never reaches the daemon', async (t) => {
  const link = await daemon.invite();
  const secret = link.split('#i=')[1];
  assert.ok(secret.length > 20);
  const device = await pc(t, browser, daemon.origin);
  const asked = [];
  device.context.on('request', (request) => asked.push(request.url().split('#')[0], JSON.stringify(request.headers())));
  const page = await device.follow(link);
  await shows(page);
  await serves(page);
  assert.equal(asked.some((text) => text.includes(secret)), false);
  assert.equal(daemon.log.includes(secret), false);
  assert.deepEqual(device.problems, []);
});

test('the page is held to its policy', async (t) => {
  const device = await pc(t, browser, daemon.origin);
  const page = await device.open();
  await shows(page);
  const refused = await page.evaluate(async () => {
    const refuses = (what) => {
      try {
        what();
        return false;
      } catch {
        return true;
      }
    };
    const gone = await fetch('http://127.0.0.1:1/').then(() => false, () => true);
    return {
      html: refuses(() => (document.createElement('div').innerHTML = '<b>x</b>')),
      code: refuses(() => (document.createElement('script').text = '1')),
      other: refuses(() => globalThis.trustedTypes.createPolicy('other', {})),
      elsewhere: gone,
    };
  });
  assert.deepEqual(refused, { html: true, code: true, other: true, elsewhere: true });
  await until(() => device.problems.some((line) => line.startsWith('policy: connect-src')), 'the violations are noticed');
});

test('the same page serves on after the daemon was killed', async (t) => {
  const own = await Daemon.start(t);
  const cli = await Cli.joined(t, await own.invite(), 'aki');
  const device = await keptDevice(t, 'pc', own.origin);
  await shows(await device.open());
  const before = own.origin;
  await own.restart();
  assert.equal(own.origin, before);
  await cli.one('send', 'self', 'still here');
  const again = await device.again();
  await shows(await again.open());
});
