// A hundred thousand messages: found, jumped through, fetched where one looks, and never all of them.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Cli, Daemon, fileScope, Flood, floodSettings, home, launch, pc, until } from './harness/harness.mjs';

const file = fileScope();
const count = 100_000;
let device, page;

before(async () => {
  const daemon = await Daemon.start(file, { settings: floodSettings });
  const cli = await Cli.joined(file, await daemon.invite(), 'aki', { name: 'Aki' });
  const ben = await Flood.joined(file, (await cli.one('invite')).url, 'ben', 'Ben');
  const { id } = await cli.chat('@ben');
  const words = (n) => `Message ${n + 1}. ${'so much to say '.repeat(n % 7)}`;
  await ben.write(id, (function* () {
    for (let n = 0; n < count; n++) yield words(n);
  })());
  ben.end();
  device = await pc(file, await launch(file), daemon.origin);
  page = await home.paired(file, cli, device, 'pc');
});

const onScreen = () =>
  page.evaluate(() => {
    const frame = document.querySelector('.history')?.getBoundingClientRect();
    if (!frame) return [];
    return [...document.querySelectorAll('.history .row[data-seq]')]
      .filter((row) => {
        const at = row.getBoundingClientRect();
        return at.bottom > frame.top && at.top < frame.bottom;
      })
      .map((row) => Number(row.dataset.seq));
  });
const settled = async (what, fits) =>
  until(async () => {
    const seqs = await onScreen();
    return seqs.length > 3 && (await page.locator('.row-hole').count()) === 0 && fits(seqs) && seqs;
  }, what);

/** How many the browser's own store holds. */
const heldMessages = () =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('enishi');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction('events').objectStore('events').count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      }),
  );

test('one opens it where it is newest, and jumps to the first unread and back', async () => {
  await until(async () => (await home.unread(page, 'Ben')) >= 999, 'the number of unread');
  await home.row(page, 'Ben').click();
  await page.getByText(`Message ${count}.`).first().waitFor({ state: 'attached' });
  const first = page.getByRole('button', { name: 'To the first unread' });
  await Promise.race([first.waitFor(), settled('a screen', () => true)]);
  const [at] = await onScreen();
  if (at > 1) {
    await first.click();
    await settled('the first of all', (seqs) => seqs.includes(1));
  }
  await page.locator('.history').press('End');
  await settled('the newest', (seqs) => seqs.includes(count));
  assert.deepEqual(device.problems, []);
});

test('scrolling anywhere fetches what is looked at, and little else', async (t) => {
  await page.evaluate(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => Math.round(one.duration)))).observe({ type: 'longtask' });
  });
  const history = page.locator('.history');
  for (const part of [0.5, 0.1, 0.9, 0.37]) {
    await history.hover();
    await page.mouse.wheel(0, 1); // a hand is at it
    await history.evaluate((element, to) => element.scrollTo({ top: element.scrollHeight * to }), part);
    const seqs = await settled(`what stands at ${part}`, (all) => Math.abs(all[0] / count - part) < 0.1);
    assert.deepEqual(seqs, seqs.map((_seq, index) => seqs[0] + index), 'none is missing');
  }
  for (let n = 0; n < 60; n++) await page.mouse.wheel(0, -500);
  await settled('a screen after much scrolling', () => true);
  const rows = await page.locator('.history .row').count();
  assert.ok(rows < 200, `${rows} rows are drawn`);
  const held = await heldMessages();
  const long = await page.evaluate(() => globalThis.longTasks);
  const over = long.filter((one) => one > 200).length;
  t.diagnostic(`${rows} rows are drawn, ${held} messages held`);
  t.diagnostic(`long tasks: ${long.length}, the longest ${Math.max(0, ...long)} ms, over 200 ms: ${over}`);
  assert.deepEqual(device.problems, []);
});

test('a reload comes back to the list and the conversation at once', async () => {
  await page.reload();
  await settled('messages', () => true);
  await page.locator('.history').press('End');
  await settled('the newest', (seqs) => seqs.includes(count));
  assert.deepEqual(device.problems, []);
});
