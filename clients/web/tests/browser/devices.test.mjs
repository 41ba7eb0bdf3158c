// One person at three devices, phone, PC and command line, and a friend: the same everywhere, at every step.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Cli, Daemon, fileScope, home, launch, pc, phone, until } from './harness/harness.mjs';

const file = fileScope();
let daemon, phoneDevice, pcDevice, onPhone, onPc, cli, ben;

before(async () => {
  daemon = await Daemon.start(file);
  const browser = await launch(file);
  phoneDevice = await phone(file, browser, daemon.origin);
  pcDevice = await pc(file, browser, daemon.origin);
});

const nothingWrong = () => assert.deepEqual([...phoneDevice.problems, ...pcDevice.problems], []);

/** Unread of Ben's conversation, on phone (at the list), PC and command line. */
async function unreadIs(wanted) {
  await until(async () => {
    const { unread } = await cli.chat('@ben');
    const seen = [await home.unread(onPhone, 'Ben'), await home.unread(onPc, 'Ben'), unread];
    return seen.every((one) => one === wanted);
  }, `${wanted} unread on all three`);
}

test('in by the link, the PC and the command line by six digits', async () => {
  onPhone = await home.join(phoneDevice, await daemon.invite(), 'Aki', { deviceName: 'phone' });

  const link = await home.offer(onPhone);
  const newcomer = await home.present(pcDevice, link, 'pc');
  onPc = newcomer.page;
  assert.match(newcomer.digits, /^\d{6}$/);
  await onPhone.getByText('“pc” asks to become a device of yours').waitFor();
  const wrong = String((Number(newcomer.digits) + 1) % 1_000_000).padStart(6, '0');
  await home.approve(onPhone, wrong);
  await onPhone.getByText('These are not the digits that the new device shows.').waitFor();
  await home.approve(onPhone, newcomer.digits);
  await onPhone.getByText('pc is a device of yours now.').waitFor();
  await home.settle(onPc);

  cli = Cli.of(file);
  await onPhone.getByRole('button', { name: 'Pair another device' }).click();
  const { digits, done } = await cli.pair(file, await onPhone.locator('.link-text code').innerText());
  await home.approve(onPhone, digits);
  assert.deepEqual(await done, [0, null]);
  await until(async () => (await cli.all('devices')).map((one) => one.name).sort().join() === 'cli,pc,phone', 'three devices');
  await onPhone.locator('.person', { hasText: 'pc' }).waitFor();
  nothingWrong();
});

test('unread is the same on all three, and read on one is read on all', async () => {
  const invited = await cli.one('invite');
  ben = await Cli.joined(file, invited.url ?? invited.link, 'ben', { name: 'Ben' });
  await home.go(onPhone, '');
  await unreadIs(0);
  for (const [sent, text] of ['Good morning', 'Are you up?', 'Coffee?'].entries()) {
    await ben.one('send', '@aki', text);
    await unreadIs(sent + 1);
  }
  await until(async () => (await onPhone.title()).startsWith('(1)'), 'a number in the title');
  await home.open(onPc, 'Ben'); // read by looking at it
  await unreadIs(0);
  await home.go(onPc, '');
  await ben.one('send', '@aki', 'Hello?');
  await unreadIs(1);
  await cli.one('mark', '@ben');
  await unreadIs(0);
  await cli.one('mark', '@ben', '--unread-from', '3');
  await unreadIs(2);
  await home.open(onPhone, 'Ben');
  await until(async () => (await home.unread(onPc, 'Ben')) === 0, 'read on the phone is read on the PC');
  await until(async () => (await cli.chat('@ben')).unread === 0, 'and on the command line');
  nothingWrong();
});

test('what one writes comes to all, once', async () => {
  await home.open(onPc, 'Ben');
  await home.say(onPhone, 'from the phone');
  await home.says(onPc, 'from the phone');
  await home.say(onPc, 'from the PC');
  await home.says(onPhone, 'from the PC');
  await cli.one('send', '@ben', 'from the command line');
  await home.says(onPhone, 'from the command line');
  await home.says(onPc, 'from the command line');
  await ben.one('send', '@aki', 'three of you?');
  await home.says(onPhone, 'three of you?');
  await home.says(onPc, 'three of you?');
  const all = (await ben.all('read', '@aki')).map((message) => message.text);
  await until(async () => (await home.texts(onPc)).join('|') === all.join('|'), 'the PC shows what Ben has');
  await until(async () => (await home.texts(onPhone)).join('|') === all.join('|'), 'the phone shows what Ben has');
  assert.equal(new Set(all).size, all.length);
  nothingWrong();
});

test('edits, reactions, pins and deletions arrive', async () => {
  await home.act(onPhone, 'from the phone', 'Edit');
  await home.field(onPhone).fill('from my new phone');
  await onPhone.getByRole('button', { name: 'Save the change' }).click();
  await home.says(onPc, 'from my new phone');
  const seq = (await ben.all('read', '@aki')).find((message) => message.text === 'from my new phone')?.seq;
  await until(async () => (await ben.all('read', '@aki')).some((one) => one.text === 'from my new phone'), 'Ben has the edit');
  await onPc.locator('.row', { hasText: 'from my new phone' }).getByRole('button', { name: 'edited' }).click();
  await onPc.locator('.versions').getByText('from the phone', { exact: true }).waitFor();
  await onPc.getByRole('button', { name: 'Close' }).click();

  await home.act(onPc, 'from my new phone', 'React with 🎉');
  await onPhone.locator('.reaction', { hasText: '🎉' }).waitFor();
  await ben.one('react', '@aki', String(seq), '🎉');
  for (const page of [onPhone, onPc])
    await until(async () => (await page.locator('.reaction-count').allInnerTexts()).join() === '2', 'two of one emoji');
  await home.act(onPc, 'from my new phone', 'Pin for all');
  await onPhone.locator('.pins').getByText('from my new phone').waitFor();
  await home.act(onPhone, 'from the PC', 'Delete for everyone');
  await onPhone.locator('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await until(async () => !(await home.texts(onPc)).includes('from the PC'), 'gone from the PC');
  await until(async () => (await ben.all('read', '@aki')).some((one) => one.deleted), 'gone from Ben');
  await cli.one('delete', '@ben', '2', '--for-me');
  for (const page of [onPhone, onPc])
    await until(async () => !(await home.texts(page)).includes('Are you up?'), 'gone for me');
  assert.equal((await ben.all('read', '@aki')).some((one) => one.text === 'Are you up?'), true);
  nothingWrong();
});

test('a device that is shut out is thrown out and wiped', async () => {
  await cli.one('revoke', 'phone');
  await onPhone.getByRole('heading', { name: 'This device was removed' }).waitFor();
  await until(
    () => onPhone.evaluate(async () => (await indexedDB.databases()).every(({ name }) => name !== 'enishi')),
    'nothing of it is left in the browser',
  );
  await onPhone.reload();
  await onPhone.getByRole('heading', { name: /messenger for people/ }).waitFor();
  await onPc.locator('.list').waitFor();
  nothingWrong();
});
