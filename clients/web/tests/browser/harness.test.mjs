// The checkers bite: what the other tests rely on being noticed is planted here.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Daemon, fileScope, Ime, launch, pc, phone, until, violations } from './harness/harness.mjs';

const file = fileScope();
let daemon, browser;
before(async () => {
  daemon = await Daemon.start(file);
  browser = await launch(file);
});

test('errors, violations and requests to elsewhere are noticed', async (t) => {
  const device = await pc(t, browser, daemon.origin);
  const page = await device.open('/robots.txt');
  await page.evaluate(() => {
    console.error('planted');
    setTimeout(() => {
      throw new Error('thrown');
    });
    const picture = new Image();
    picture.src = 'http://127.0.0.1:1/x.png';
    document.body.append(picture);
  });
  for (const start of ['console: planted', 'uncaught: Error: thrown', 'policy: img-src'])
    await until(() => device.problems.some((line) => line.startsWith(start)), start);
  const plain = await device.context.newPage();
  await plain.goto('about:blank');
  await plain.evaluate(() => fetch('http://127.0.0.1:1/').catch(() => {}));
  await until(() => device.problems.includes('elsewhere: http://127.0.0.1:1/'), 'a request to elsewhere');
});

test('axe finds a planted fault, also under the policy', async (t) => {
  const device = await phone(t, browser, daemon.origin);
  const page = await device.open('/robots.txt');
  await page.evaluate(() => document.body.append(new Image()));
  assert.match((await violations(page)).join('\n'), /^image-alt /m);
});

test('a phone has touch and a narrow screen, a PC neither', async (t) => {
  const look = () => [innerWidth, matchMedia('(pointer: coarse)').matches, 'ontouchstart' in window];
  const onPhone = await (await phone(t, browser, daemon.origin)).open();
  assert.deepEqual(await onPhone.evaluate(look), [390, true, true]);
  const onPc = await (await pc(t, browser, daemon.origin)).open();
  assert.deepEqual(await onPc.evaluate(look), [1280, false, false]);
});

test('kana conversion tells its keys as browsers do, in both orders', async (t) => {
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.setContent('<textarea></textarea>');
  await page.evaluate(() => {
    globalThis.seen = [];
    for (const kind of ['compositionstart', 'compositionend', 'keydown'])
      addEventListener(kind, (event) =>
        globalThis.seen.push(kind === 'keydown' ? `${kind} ${event.keyCode} ${event.isComposing}` : kind),
      );
  });
  await page.locator('textarea').focus();
  const ime = await Ime.of(page);
  const decided = async () => [await page.inputValue('textarea'), await page.evaluate(() => globalThis.seen.splice(0))];
  await ime.compose('おちゃ');
  await ime.decide('お茶');
  assert.deepEqual(await decided(), ['お茶', ['compositionstart', 'keydown 229 true', 'compositionend']]);
  await ime.compose('か');
  await ime.decideAsSafari('か');
  assert.deepEqual(await decided(), ['お茶か', ['compositionstart', 'compositionend', 'keydown 229 false']]);
});
