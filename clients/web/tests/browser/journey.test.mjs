// The shortest way through the whole: a link, a person on a phone, a friend on the command line, a daemon that falls over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cli, Daemon, launch, phone, screenshot, until } from './harness/harness.mjs';

test('from the link to a talk that outlives the daemon', async (t) => {
  const daemon = await Daemon.start(t);
  const browser = await launch(t);
  const device = await phone(t, browser, daemon.origin);
  const page = await device.follow(await daemon.invite());

  await page.getByLabel('Your name').fill('Aki');
  await screenshot(page, 'journey-phone-invitation');
  await page.getByRole('button', { name: 'Come in' }).click();
  await page.getByRole('button', { name: 'Go on without codes' }).click();
  await page.getByRole('button', { name: 'I know. Go on' }).click();

  const ben = await Cli.joined(t, await daemon.invite(), 'ben', { name: 'Ben' });
  await ben.one('send', '@aki', 'お茶しない?');
  await page.getByText('お茶しない?').first().click();
  await screenshot(page, 'journey-phone-conversation');

  const watching = await ben.watch(t);
  await page.getByRole('textbox', { name: /Ben/ }).fill('At four');
  await page.getByRole('button', { name: 'Send' }).click();
  await watching.next((seen) => seen.type === 'message' && seen.text === 'At four');

  await daemon.kill9();
  await page.getByRole('textbox', { name: /Ben/ }).fill('Are you there?');
  await page.getByRole('button', { name: 'Send' }).click();
  await daemon.start();
  await until(async () => {
    const texts = (await ben.all('read', '@aki')).map((message) => message.text);
    return texts.filter((text) => text === 'Are you there?').length === 1 && texts.length === 3;
  }, 'once, and nothing lost');
  assert.deepEqual(device.problems.filter((line) => !line.includes('ERR_CONNECTION_REFUSED')), []);
});
