// What a person does on the page, by its English words: coming in, pairing, opening, writing; and what he sees there.
import { until } from './until.mjs';

const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Joins with `link` on a new page of `device` and skips the codes. */
export async function join(device, link, name, { handle = name.toLowerCase(), deviceName } = {}) {
  const page = await device.follow(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your handle').fill(handle);
  if (deviceName) await page.getByLabel('Name of this device').fill(deviceName);
  await page.getByRole('button', { name: 'Come in' }).click();
  await page.getByRole('button', { name: 'Go on without codes' }).click();
  await page.getByRole('button', { name: 'I know. Go on' }).click();
  await live(page);
  return page;
}

async function knock(device, link, deviceName) {
  const page = await device.follow(link);
  await page.getByLabel('Name of this device').fill(deviceName);
  await page.getByRole('button', { name: 'Show the digits' }).click();
  return page;
}

/** Opens the pairing link as a new device of somebody; gives its page and the six digits that it shows. */
export async function present(device, link, deviceName) {
  const page = await knock(device, link, deviceName);
  const digits = (await page.locator('.digits').innerText()).replace(/\D/g, '');
  return { page, digits };
}

/** The link that `page` shows to pair another device. */
export async function offer(page) {
  await go(page, 'devices');
  await page.getByRole('button', { name: 'Pair another device' }).click();
  return page.locator('.link-text code').innerText();
}

/** Types the newcomer's digits at the device that showed the link. */
export async function approve(page, digits) {
  await page.getByLabel('Type the six digits that it shows').fill(digits);
  await page.getByRole('button', { name: 'Let it in' }).click();
}

/** A paired page is shown what is good to do; then it is at home. */
export async function settle(page) {
  await page.getByRole('button', { name: 'To the conversations' }).click();
  await live(page);
}

/** Opens the page again on a device that is a member's already. */
export async function reopen(device, path = '/') {
  const page = await device.open(path);
  await page.locator('.list, .chat').first().waitFor();
  return page;
}

/** The page is kept by its service worker: it opens without a network from now on. */
export const served = (page) =>
  until(() => page.evaluate(() => navigator.serviceWorker.ready.then((it) => it.active?.state === 'activated')), 'a worker');

/** A new device of the member whose command line is `cli`. */
export async function paired(scope, cli, device, deviceName) {
  const { url, done } = await cli.offer(scope);
  const page = await knock(device, url, deviceName);
  await done;
  await settle(page);
  return page;
}

/** Waits until the page holds the list and is connected: nothing is said of the link. */
export async function live(page) {
  await page.locator('.list-rows, .chat').first().waitFor();
  await page.locator('.link-line').first().waitFor({ state: 'hidden' });
}

/** One of the plain pages: 'people', 'devices', ''. As a person who types the address. */
export async function go(page, name) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${name}`);
}

export const row = (page, name) => page.locator('a.list-row').filter({ has: page.locator('.list-name bdi', { hasText: new RegExp(`^${quoted(name)}$`) }) });
export const field = (page) => page.locator('.composer textarea');
export const shown = (page, text) => page.locator('.history .said', { hasText: text });

/** Opens the conversation of that name, from wherever the page is. */
export async function open(page, name) {
  if (!(await page.locator('.list').isVisible())) await go(page, '');
  await row(page, name).click();
  await page.locator('.chat-title h2', { hasText: name }).waitFor();
}

export async function say(page, text) {
  await field(page).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** The number beside a conversation of the list; 0 where there is none. */
export async function unread(page, name) {
  const found = await row(page, name).locator('.list-marks > :last-child .unseen').allInnerTexts();
  return found.length === 0 ? 0 : Number(found[0].replace(/\D/g, ''));
}

/** What is said in the open conversation, from what is drawn of it. */
export const texts = (page) => page.locator('.history .said').allInnerTexts();

export const says = (page, text) =>
  until(async () => (await texts(page)).some((one) => one.trim() === text), `the page shows “${text}”`);

/** Opens the menu of the message with that text. */
export async function actions(page, text) {
  const message = page.locator('.history .row', { has: page.locator('.said', { hasText: text }) }).last();
  await message.focus();
  await page.keyboard.press('Enter');
  return page.locator('dialog .menu');
}

export const act = async (page, text, label) => (await actions(page, text)).getByRole('button', { name: label }).click();

/** The message at the upper edge of the history: its seq and how many pixels of it are above. */
export const top = (page) =>
  page.evaluate(() => {
    const edge = document.querySelector('.history').getBoundingClientRect().top;
    for (const one of document.querySelectorAll('.history .row[data-seq]')) {
      const at = one.getBoundingClientRect();
      if (at.bottom > edge + 1) return { seq: Number(one.dataset.seq), above: Math.round(edge - at.top) };
    }
    return { seq: 0, above: 0 };
  });
