// The message field under all hands: Japanese, keys only, and what others may write into a page.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Cli, Daemon, fileScope, home, Ime, launch, pc, until } from './harness/harness.mjs';

const file = fileScope();
let device, page, ben;

before(async () => {
  const daemon = await Daemon.start(file);
  device = await pc(file, await launch(file), daemon.origin);
  page = await home.join(device, await daemon.invite(), 'Aki');
  ben = await Cli.joined(file, await daemon.invite(), 'ben', { name: 'Ben' });
  await home.open(page, 'Ben');
});

const heard = async () =>
  (await ben.all('read', '@aki', '--limit', '500')).filter((one) => one.author === 'aki').map((one) => one.text);
const field = () => home.field(page);

test('the Enter that ends a kana conversion sends nothing, the next one does', async () => {
  await field().focus();
  const ime = await Ime.of(page);
  await ime.compose('にほん');
  await ime.decide('日本');
  assert.equal(await field().inputValue(), '日本');
  await ime.compose('ご');
  await ime.decideAsSafari('語');
  assert.equal(await field().inputValue(), '日本語');
  assert.deepEqual(await home.texts(page), []);
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('!');
  await page.keyboard.press('Enter');
  await until(async () => (await heard()).length > 0, 'Ben has it');
  assert.deepEqual(await heard(), ['日本語\n!']);
  assert.deepEqual(device.problems, []);
});

test('in Safari’s order: the conversion ends, and its Enter comes after, with no other sign than the code 229', async () => {
  const before = (await heard()).length;
  const left = await field().evaluate((element) => {
    element.focus();
    const tell = (event) => element.dispatchEvent(event);
    tell(new CompositionEvent('compositionstart', { bubbles: true, data: '' }));
    element.value = '京都';
    tell(new InputEvent('input', { bubbles: true, isComposing: true, data: '京都' }));
    tell(new CompositionEvent('compositionend', { bubbles: true, data: '京都' }));
    const enter = { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, isComposing: false };
    tell(new KeyboardEvent('keydown', { ...enter, keyCode: 229 }));
    tell(new KeyboardEvent('keydown', { ...enter, keyCode: 13 })); // older ones do not even say 229, in the same turn
    return element.value;
  });
  assert.equal(left, '京都');
  assert.equal(await page.locator('.history .said', { hasText: '京都' }).count(), 0);
  await field().fill('');
  await home.say(page, 'after it');
  await until(async () => (await heard()).length > before, 'Ben has the next');
  assert.deepEqual((await heard()).slice(before), ['after it']);
  assert.deepEqual(device.problems, []);
});

const hostile = [
  ['script', '<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>'],
  ['an address', 'javascript:alert(1) https://example.org/<script> http://аpple.com/ data:text/html,<b>x</b>'],
  ['bidi', '\u202e\u2066gpj.exe\u2069\u202c \u200fשלום\u200f \u202eend'],
  ['templates', '${7*7} {{7*7}} &lt;b&gt; %3Cb%3E \\u003cb\\u003e'],
  ['signs above signs', 'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞'],
  ['one word', 'w'.repeat(4000)],
  ['16 KiB of one emoji', '👩‍👩‍👧‍👦'.repeat(Math.floor(16384 / 25))],
  ['16 KiB of lines', '\n'.repeat(8000) + 'x'],
  ['code', '```\n<b>not bold</b>\n```\n`<i>` *a* _b_ **c'],
];

test('whatever others write stays text, in its place', async () => {
  for (const [, text] of hostile) await ben.one('send', '@aki', '-', { input: text });
  await ben.one('send', '@aki', 'the last');
  await home.says(page, 'the last');
  await page.locator('.history').press('End');
  const { head } = (await ben.all('list')).find((one) => one.chat === '@aki');
  for (const [index, [name]] of hostile.entries()) {
    const seq = head - hostile.length + index;
    const row = page.locator(`.row[data-seq="${seq}"]`);
    await until(async () => {
      if ((await row.count()) > 0) return true;
      await page.locator('.history').hover();
      await page.mouse.wheel(0, -300);
      return false;
    }, name);
    await row.scrollIntoViewIfNeeded();
    const wide = await row.evaluate((element) => element.scrollWidth - element.clientWidth);
    assert.ok(wide <= 1, `${name} is ${wide} px wider than its row`);
    assert.equal(await row.locator('script, img, svg[onload], b:not(bdi b), iframe').count(), 0, name);
    for (const address of await row.locator('a').evaluateAll((all) => all.map((one) => one.href)))
      assert.match(address, /^https?:\/\//, name);
  }
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  assert.deepEqual(device.problems, []);
});

test('the keyboard is enough', async (t) => {
  await ben.one('send', '@aki', 'With keys only?');
  const key = (name) => page.keyboard.press(name);
  await home.says(page, 'With keys only?');
  await home.go(page, '');
  await page.locator('.pane-main .blank').waitFor();
  await page.locator('body').click({ position: { x: 900, y: 300 } });
  await key('?');
  await page.getByRole('heading', { name: 'Keys' }).waitFor();
  await key('Escape');
  await page.getByRole('heading', { name: 'Keys' }).waitFor({ state: 'detached' });
  await key('/');
  await page.keyboard.type('ben');
  await key('Enter');
  await until(() => page.evaluate(() => document.activeElement.matches('.composer textarea')), 'the field has the focus');
  await page.keyboard.type('Yes');
  await key('Enter');
  await home.says(page, 'Yes');
  await until(async () => (await heard()).at(-1) === 'Yes', 'sent');
  await key('ArrowUp'); // edit the last
  await page.getByText('Editing your message').waitFor();
  await page.keyboard.type('!');
  await key('Enter');
  await home.says(page, 'Yes!');
  await until(() => page.evaluate(() => document.activeElement.matches('.composer textarea')), 'back in the field');
  await key('Control+ArrowUp'); // into the messages
  await until(() => page.evaluate(() => document.activeElement.matches('.row')), 'a message has the focus');
  await key('ArrowUp');
  await key('r');
  await page.locator('.composer-bar', { hasText: 'Answer to Ben' }).waitFor();
  await page.keyboard.type('As you see');
  await key('Enter');
  await page.locator('.row:not([data-seq="0"]) .quote', { hasText: 'With keys only?' }).waitFor();
  await key('Control+ArrowUp');
  await key('Enter');
  await page.locator('dialog .menu').waitFor();
  await key('Escape');
  await until(() => page.evaluate(() => document.activeElement.matches('.row')), 'the focus is given back');
  await key('Escape');
  await until(() => page.evaluate(() => document.activeElement.matches('.composer textarea')), 'and back');
  await key('Alt+Shift+ArrowDown');
  await page.locator('.chat-title h2', { hasText: 'Notes to myself' }).waitFor();
  t.diagnostic('every step by keys');
  assert.deepEqual(device.problems, []);
});
