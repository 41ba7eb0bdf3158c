// Half-written sentences and the baton: what was begun on one device goes on on another.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Cli, Daemon, fileScope, Flood, floodSettings, home, launch, pc, phone, until } from './harness/harness.mjs';

const file = fileScope();
let daemon, phoneDevice, pcDevice, onPhone, onPc, cli, chat;

before(async () => {
  daemon = await Daemon.start(file, { settings: floodSettings });
  const browser = await launch(file);
  phoneDevice = await phone(file, browser, daemon.origin);
  pcDevice = await pc(file, browser, daemon.origin);
  cli = await Cli.joined(file, await daemon.invite(), 'aki', { name: 'Aki' });
  const ben = await Flood.joined(file, (await cli.one('invite')).url, 'ben', 'Ben');
  chat = (await cli.chat('@ben')).id;
  await ben.write(chat, Array.from({ length: 150 }, (_, n) => `Sentence ${n + 1} of a long talk.`));
  ben.end();
  await cli.one('mark', '@ben');
  onPhone = await home.paired(file, cli, phoneDevice, 'phone');
  onPc = await home.paired(file, cli, pcDevice, 'pc');
  await home.open(onPhone, 'Ben');
  await home.open(onPc, 'Ben');
});

const nothingWrong = () => assert.deepEqual([...phoneDevice.problems, ...pcDevice.problems], []);
const writes = (page, text) => until(async () => (await home.field(page).inputValue()) === text, `“${text}” in the field`);
const draft = () => cli.one('draft', '@ben');

test('a draft typed on the phone is on the PC and on the command line', async () => {
  await home.field(onPc).blur();
  await home.field(onPhone).pressSequentially('See you at');
  await writes(onPc, 'See you at');
  await until(async () => (await draft()).text === 'See you at', 'on the command line');
  assert.equal((await draft()).by_device, 'phone');
  await home.go(onPc, '');
  await home.row(onPc, 'Ben').getByText('See you at').waitFor();
  await home.open(onPc, 'Ben');
  await home.field(onPc).press('End');
  await home.field(onPc).pressSequentially(' nine');
  await until(async () => (await draft()).text === 'See you at nine', 'the PC went on');
  await home.field(onPhone).blur();
  await writes(onPhone, 'See you at nine');
  await cli.one('draft', '@ben', 'See you at ten');
  await home.field(onPc).blur();
  await writes(onPhone, 'See you at ten');
  await writes(onPc, 'See you at ten');
  nothingWrong();
});

test('two who write at once: both texts are kept', async () => {
  await home.field(onPc).focus();
  await pcDevice.offline();
  await home.field(onPc).fill('Written on the PC, without a network');
  await home.field(onPhone).fill('Written on the phone');
  await until(async () => (await draft()).text === 'Written on the phone', 'the phone’s is saved');
  await pcDevice.offline(false);
  await until(async () => {
    const { text, kept } = await draft();
    const all = [text, ...kept.map((one) => one.text)];
    return all.includes('Written on the phone') && all.includes('Written on the PC, without a network');
  }, 'both are kept');
  assert.equal(await home.field(onPc).inputValue(), 'Written on the PC, without a network', 'what is typed stays');
  await onPhone.getByRole('button', { name: /kept text/ }).click();
  await onPhone.locator('.kept-text').first().waitFor();
  await onPhone.getByRole('button', { name: 'Close' }).click();
  const offline = /ERR_INTERNET_DISCONNECTED/;
  assert.deepEqual([...phoneDevice.problems, ...pcDevice.problems].filter((line) => !offline.test(line)), []);
  pcDevice.problems.length = 0;
});

/** Scrolls so that something in the middle stands at the upper edge. */
async function scrollUp(page, seq) {
  await until(async () => {
    const { seq: at } = await home.top(page);
    if (at > 0 && at <= seq) return true;
    await page.locator('.history').hover();
    await page.mouse.wheel(0, -400);
    return false;
  }, `message ${seq} is seen`);
}
async function resting(page) {
  let before;
  await until(async () => {
    const now = JSON.stringify(await home.top(page));
    const rests = now === before;
    before = now;
    return rests;
  }, 'the history rests');
  return home.top(page);
}

test('the baton from phone to PC: the same place, the draft, the caret', async () => {
  await home.field(onPc).blur();
  await home.go(onPc, '');
  await home.field(onPhone).fill('Where I stopped');
  await home.field(onPhone).evaluate((field) => field.setSelectionRange(6, 6));
  await until(async () => (await draft()).text === 'Where I stopped', 'saved');
  await scrollUp(onPhone, 80);
  const { seq } = await resting(onPhone);
  await onPhone.getByRole('button', { name: 'Conversation', exact: true }).click();
  await onPhone.getByRole('button', { name: 'Continue on…' }).click();
  await onPhone.getByRole('button', { name: 'Continue on pc' }).click();
  await onPhone.getByText('Continued on pc.').waitFor();
  await onPc.getByText('Continued from phone.').waitFor();
  await writes(onPc, 'Where I stopped');
  await until(async () => (await home.top(onPc)).seq === seq, `message ${seq} at the top of the PC`);
  await until(
    () => onPc.evaluate(() => document.activeElement.matches('.composer textarea') && document.activeElement.selectionStart === 6),
    'the caret where it was',
  );
  nothingWrong();
});

test('taking over here what the PC has open', async () => {
  await scrollUp(onPc, 40);
  const { seq } = await resting(onPc);
  await home.field(onPc).fill('Taken along');
  await home.go(onPhone, '');
  await onPhone.getByRole('button', { name: 'Take over here' }).click();
  await onPc.getByText('Continued on phone.').waitFor();
  await writes(onPhone, 'Taken along');
  await until(async () => (await home.top(onPhone)).seq === seq, `message ${seq} at the top of the phone`);
  nothingWrong();
});
