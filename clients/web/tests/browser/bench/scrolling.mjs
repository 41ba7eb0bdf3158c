// Long tasks while a hand scrolls through a hundred thousand messages that have to be fetched.
import { Cli, Daemon, Flood, floodSettings, home, launch, pc } from '../harness/harness.mjs';

const count = 100_000;
const wheels = 300;

export async function scrolling(scope) {
  const daemon = await Daemon.start(scope, { settings: floodSettings });
  const cli = await Cli.joined(scope, await daemon.invite(), 'aki', { name: 'Aki' });
  const ben = await Flood.joined(scope, (await cli.one('invite')).url, 'ben', 'Ben');
  const texts = function* () {
    for (let n = 1; n <= count; n++) yield `Message ${n}. ${'so much to say '.repeat(n % 7)}`;
  };
  const begun = performance.now();
  await ben.write((await cli.chat('@ben')).id, texts());
  const filled = performance.now() - begun;
  ben.end();
  await cli.one('mark', '@ben');
  const page = await home.paired(scope, cli, await pc(scope, await launch(scope), daemon.origin), 'pc');
  await home.open(page, 'Ben');
  await page.getByText(`Message ${count}.`).first().waitFor();
  await page.evaluate(() => {
    globalThis.long = [];
    globalThis.frames = [];
    new PerformanceObserver((list) => long.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask' });
    const tick = (at) => {
      frames.push(at);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await page.locator('.history').hover();
  for (let n = 0; n < wheels; n++) await page.mouse.wheel(0, -400);
  const { long, gaps } = await page.evaluate(() => ({ long, gaps: frames.slice(1).map((at, n) => at - frames[n]) }));
  gaps.sort((a, b) => a - b);
  return [
    { what: 'scrolling 100,000 messages: tasks over 200 ms', value: long.filter((one) => one > 200).length, unit: 'tasks', budget: 0 },
    { what: '  tasks over 50 ms', value: long.length, unit: 'tasks' },
    { what: '  longest task', value: Math.max(0, ...long), unit: 'ms' },
    { what: '  between two frames, 95 of 100', value: gaps[Math.floor(gaps.length * 0.95)] ?? 0, unit: 'ms', note: `${gaps.length} frames, ${wheels} turns of the wheel` },
    { what: '  (writing them into the daemon)', value: filled / 1000, unit: 's' },
  ];
}
