// Every screen, phone and PC, light and dark, both languages, of the built daemon over a socket: build/screens/*.png.
// In English each of them is also looked at by axe.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { community, Daemon, device, fileScope, home, launch, screenshot, until, violations } from './harness/harness.mjs';

const file = fileScope();
const invited = 'Come in, the kettle is on';
let daemon, browser, people;

before(async () => {
  daemon = await Daemon.start(file, { settings: ['limits.secret_tries_per_address=0', 'limits.pairings_max=100'] });
  people = await community(file, daemon);
  browser = await launch(file);
});

/** What scrolls sideways, or ends outside of the screen. */
function tooWide() {
  const found = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
  const words = (one) => `${one.tagName} ${one.className}`;
  for (const one of document.querySelectorAll('body *')) {
    const sideways = /auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1;
    if (sideways && !one.matches('pre, code')) found.push(words(one));
    const { right, width } = one.getBoundingClientRect();
    if (width > 1 && right > innerWidth + 1 && one.matches('button, a, input, textarea, select')) found.push(words(one));
  }
  return found;
}

/** A screen as it is now: kept as a picture, and judged. */
class Walk {
  constructor(page, look, judged) {
    Object.assign(this, { page, look, judged, faults: [] });
  }
  async see(name) {
    await this.page.mouse.move(1, 1);
    await screenshot(this.page, `${name}-${this.look}`);
    for (const one of await this.page.evaluate(tooWide)) this.faults.push(`${name}: ${one} is too wide`);
    if (this.judged) for (const one of await violations(this.page)) this.faults.push(`${name}: ${one}`);
  }
  async at(path, wait, name = path) {
    await home.go(this.page, path);
    await this.page.locator(wait).first().waitFor();
    await this.see(name);
  }
  async dialog(open, wait, name) {
    await open();
    await this.page.locator('dialog').locator(wait).first().waitFor();
    await this.see(name);
    await this.page.keyboard.press('Escape');
    await this.page.locator('dialog').waitFor({ state: 'detached' });
  }
}

const chatOf = async (name) => (await people.aki.chat(name)).id;

async function door(walk, own) {
  const { page } = walk;
  await walk.see('door');
  await page.locator('.link-button').first().click();
  await page.locator('form.door-form h1').waitFor();
  await walk.see('door-recovery');
  const { url } = await people.aki.one('invite', '--note', invited);
  const invitation = await own.follow(url);
  const other = new Walk(invitation, walk.look, walk.judged);
  await invitation.getByText(invited).waitFor();
  await other.see('door-invitation');
  await invitation.goto(`${daemon.origin}/#i=${'A'.repeat(21)}Q`);
  await invitation.reload();
  await invitation.locator('.door-title').waitFor();
  await other.see('door-dead');
  walk.faults.push(...other.faults);
  await invitation.close();
}

/** Pairs by the command line, by the places of things: the words are of any language. */
async function comeIn(walk, own) {
  const { url, done } = await people.aki.offer(file);
  const page = await own.follow(url);
  const inside = new Walk(page, walk.look, walk.judged);
  await page.locator('.door-form button[type=submit]').waitFor();
  await inside.see('door-pairing');
  await page.locator('.door-form input').fill(walk.look);
  await page.locator('.door-form button[type=submit]').click();
  await done;
  const finish = page.locator('.settle .button-strong');
  await finish.waitFor();
  await until(async () => (await finish.isEnabled()), 'known to be no first device');
  await inside.see('settle');
  await finish.click();
  await home.live(page);
  return inside;
}

// Where there is little room, the button for it is in the menu.
async function openMembers(page) {
  const button = page.locator('.chat-members');
  if (await button.isVisible()) return button.click();
  await page.locator('.chat-head .icon-button').last().click();
  await page.locator('dialog .menu-item').first().click();
}

async function conversations(walk) {
  const { page } = walk;
  await walk.see('list');
  const walkers = await chatOf('#日曜の散歩 Sunday walk');
  await walk.at(`c/${walkers}`, '.reactions', 'group');
  await walk.dialog(() => page.locator('.chat-head .icon-button').last().click(), '.menu', 'chat-menu');
  await walk.dialog(() => openMembers(page), '.members .person', 'members');
  const row = page.locator('.row', { has: page.locator('.reactions') }).last();
  await walk.dialog(async () => {
    await row.focus();
    await page.keyboard.press('Enter');
  }, '.menu', 'message-menu');
  await walk.at(`c/${await chatOf('@ben')}`, '.said', 'direct-draft');
  await walk.at(`c/${await chatOf('@chie')}`, '.said', 'direct-unread');
  await people.aki.one('mark', '@chie', '--unread-from', '1');
  await walk.at(`c/${await chatOf('self')}`, '.said', 'notes');
}

async function pages(walk) {
  const { page } = walk;
  await walk.at('people', '.person');
  await walk.at('map', 'svg');
  await walk.at('invite', '.person');
  await walk.at('newGroup', '.person, .choice, form');
  await walk.at('starred', '.picker-row, .said, .starred, li');
  await walk.at('settings', '.part');
  await page.locator('.part').nth(6).scrollIntoViewIfNeeded();
  await walk.see('settings-lower');
  await walk.at('devices', '.person');
  await page.locator('.part .button').last().click();
  await page.locator('.link-text').waitFor();
  await walk.see('devices-pairing');
  await home.go(page, '');
  await page.locator('.list').waitFor();
}

async function help(walk) {
  if (!walk.look.startsWith('pc')) return;
  await walk.page.locator('.pane-main .blank').waitFor();
  await walk.see('nothing-open');
  await walk.page.locator('h1.wordmark').click();
  await walk.dialog(() => walk.page.keyboard.press('?'), 'kbd', 'keys');
}

async function everything(t, kind, look, options, judged) {
  const own = await device(t, browser, kind, daemon.origin, options);
  const outside = new Walk(await own.open(), look, judged);
  await outside.page.locator('.door-title').waitFor();
  await door(outside, own);
  await outside.page.close();
  const walk = await comeIn(outside, own);
  await conversations(walk);
  await pages(walk);
  await help(walk);
  await people.aki.one('revoke', look);
  await walk.page.locator('.door-title').waitFor();
  await walk.see('door-revoked');
  assert.deepEqual([...outside.faults, ...walk.faults], []);
  assert.deepEqual(own.problems, []);
}

const locales = { en: 'en-US', ja: 'ja-JP' };
for (const kind of ['phone', 'pc'])
  for (const colorScheme of ['light', 'dark'])
    for (const [language, locale] of Object.entries(locales))
      test(`the screens of a ${kind}, ${colorScheme}, ${language}`, async (t) => {
        await everything(t, kind, `${kind}-${colorScheme}-${language}`, { colorScheme, locale }, language === 'en');
      });

for (const [language, locale] of Object.entries(locales))
  test(`nothing scrolls sideways on 320 pixels, ${language}`, async (t) => {
    await everything(t, 'phone', `narrow-light-${language}`, { locale, viewport: { width: 320, height: 568 } }, false);
  });
