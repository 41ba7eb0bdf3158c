// What goes wrong around a page: no network, a closed tab, a daemon that falls over, two tabs, a newer page.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Cli, Daemon, home, keptDevice, launch, pc, phone, site, temporaryFolder, until } from './harness/harness.mjs';

// The browser writes these itself when a socket cannot be had; what the page does about it is what is tested.
const expected = /ERR_(CONNECTION_REFUSED|INTERNET_DISCONNECTED|CONNECTION_RESET|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE)|WebSocket/;
const nothingWrong = (...devices) =>
  assert.deepEqual(devices.flatMap((device) => device.problems).filter((line) => !expected.test(line)), []);

/** Aki's page on `device`, and Ben at the command line, who knows him. */
async function couple(t, daemon, device) {
  const page = await home.join(device, await daemon.invite(), 'Aki');
  const ben = await Cli.joined(t, await daemon.invite(), 'ben', { name: 'Ben' });
  await home.open(page, 'Ben');
  return { page, ben };
}
const heard = async (ben, author = 'aki') =>
  (await ben.all('read', '@aki', '--limit', '500')).filter((message) => message.author === author).map((message) => message.text);

test('three sent without a network, the tab closed, opened again: once, in their order', async (t) => {
  const daemon = await Daemon.start(t);
  let device = await keptDevice(t, 'phone', daemon.origin);
  let { page, ben } = await couple(t, daemon, device);
  await home.served(page);
  await device.offline();
  for (const text of ['one', 'two', 'three']) await home.say(page, text);
  await until(async () => (await page.locator('.msg-sent-queued').count()) === 3, 'three wait');
  await page.locator('.link-line', { hasText: 'Offline since' }).waitFor();
  await page.locator('.link-line', { hasText: '3 changes waiting to be sent' }).waitFor();
  await page.close();
  page = await home.reopen(device);
  await home.open(page, 'Ben');
  await until(async () => (await home.texts(page)).join() === 'one,two,three', 'still there without a network');
  nothingWrong(device);
  await daemon.stop(); // and the browser closed, too: nothing of it is in memory
  device = await device.again();
  await daemon.start();
  page = await home.reopen(device);
  await until(async () => (await heard(ben)).length >= 3, 'they come');
  assert.deepEqual(await heard(ben), ['one', 'two', 'three']);
  await home.open(page, 'Ben');
  await until(async () => (await page.locator('.msg-sent-queued, .msg-sent-sent').count()) === 0, 'none waits');
  assert.deepEqual(await home.texts(page), ['one', 'two', 'three']);
  nothingWrong(device);
});

test('the daemon killed again and again in the middle of a talk: nothing lost, nothing doubled', async (t) => {
  const daemon = await Daemon.start(t);
  const browser = await launch(t);
  const device = await pc(t, browser, daemon.origin);
  const { page, ben } = await couple(t, daemon, device);
  const mine = [];
  const his = [];
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 4; n++) {
      mine.push(`mine ${round}.${n}`);
      await home.say(page, mine.at(-1));
    }
    await daemon.kill9();
    mine.push(`mine ${round}, into the dark`);
    await home.say(page, mine.at(-1));
    his.push(`his ${round}, into the dark`);
    assert.equal((await ben.run('--timeout', '1s', 'send', '@aki', his.at(-1))).exit, 3);
    await daemon.start();
    await page.getByRole('button', { name: 'Try now' }).click({ timeout: 1000 }).catch(() => {}); // it may be faster
    his.push(`his ${round}`);
    await ben.one('send', '@aki', his.at(-1));
  }
  await until(async () => (await heard(ben)).length >= mine.length, 'all of mine are there');
  assert.deepEqual(await heard(ben), mine);
  assert.deepEqual(await heard(ben, 'ben'), his);
  const all = (await ben.all('read', '@aki', '--limit', '500')).map((message) => message.text);
  await page.locator('.history').press('End');
  await until(async () => (await home.texts(page)).at(-1) === all.at(-1), 'the page has the last');
  const shown = await home.texts(page);
  assert.deepEqual(shown, all.slice(-shown.length));
  nothingWrong(device);
});

test('two tabs of one device: one connection, and the other takes over', async (t) => {
  const daemon = await Daemon.start(t);
  const browser = await launch(t);
  const device = await pc(t, browser, daemon.origin);
  const open = new Set();
  device.context.on('page', (page) =>
    page.on('websocket', (socket) => {
      open.add(socket);
      for (const end of [socket, page]) end.on('close', () => open.delete(socket));
    }),
  );
  const { page: first, ben } = await couple(t, daemon, device);
  const second = await home.reopen(device);
  await home.open(second, 'Ben');
  await home.live(second);
  await until(() => open.size === 1, 'one connection for both');
  await home.say(second, 'from the second tab');
  await home.says(first, 'from the second tab');
  await until(async () => (await heard(ben)).join() === 'from the second tab', 'it went out');
  await home.field(first).blur();
  await home.field(second).fill('half a sen');
  await until(async () => (await home.field(first).inputValue()) === 'half a sen', 'the draft is in both');
  await first.close();
  await ben.one('send', '@aki', 'still there?');
  await home.says(second, 'still there?');
  await home.say(second, 'yes');
  await until(async () => (await heard(ben)).join() === 'from the second tab,yes', 'the second leads now');
  await until(() => open.size === 1, 'one connection again');
  nothingWrong(device);
});

/** A copy of the built client that can be changed. */
function copyOfSite(t) {
  const folder = join(temporaryFolder(t), 'web');
  cpSync(site, folder, { recursive: true });
  return folder;
}
function change(folder) {
  const edit = (name, how) => {
    const file = join(folder, name);
    writeFileSync(file, how(readFileSync(file, 'utf8')));
    for (const sibling of ['.br', '.gz']) rmSync(file + sibling, { force: true });
  };
  edit('index.html', (html) => html.replace('<head>', '<head><meta name="build" content="newer">'));
  const revision = /("revision":")[0-9a-f]{8}([0-9a-f]*","url":"index\.html")/;
  edit('sw.js', (code) => code.replace(revision, (_all, head, tail) => `${head}00000000${tail}`));
}

test('a newer page is offered, and nothing that was typed is lost', async (t) => {
  const web = copyOfSite(t);
  const daemon = await Daemon.start(t, { web });
  const browser = await launch(t);
  const device = await phone(t, browser, daemon.origin);
  let { page } = await couple(t, daemon, device);
  await home.served(page);
  await page.reload();
  await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), 'a page under its worker');
  await home.field(page).fill('not yet sent, and not to be lost');
  change(web);
  daemon.reload();
  await until(async () => (await (await fetch(daemon.origin)).text()).includes('newer'), 'the daemon serves the newer one');
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((it) => it.update()).then(() => undefined));
  await page.getByText('A newer version of this page is ready.').waitFor();
  assert.equal(await page.locator('meta[name=build]').count(), 0, 'nothing changes under anybody’s eyes');
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.locator('meta[name=build]').waitFor({ state: 'attached' });
  await until(async () => (await home.field(page).inputValue()) === 'not yet sent, and not to be lost', 'the text is there');
  nothingWrong(device);
});
