// From the click on one page to the open conversation on another.
import { Cli, Daemon, Flood, floodSettings, home, launch, pc } from '../harness/harness.mjs';
import { median, spread } from './table.mjs';

const runs = 15;

export async function baton(scope) {
  const daemon = await Daemon.start(scope, { settings: floodSettings });
  const cli = await Cli.joined(scope, await daemon.invite(), 'aki', { name: 'Aki' });
  const ben = await Flood.joined(scope, (await cli.one('invite')).url, 'ben', 'Ben');
  await ben.write((await cli.chat('@ben')).id, Array.from({ length: 300 }, (_, n) => `Sentence ${n}`));
  ben.end();
  await cli.one('mark', '@ben');
  const browser = await launch(scope);
  const pages = [];
  for (const name of ['left', 'right']) pages.push(await home.paired(scope, cli, await pc(scope, browser, daemon.origin), name));
  const [left, right] = pages;
  await home.open(left, 'Ben');
  const times = [];
  for (let n = 0; n < runs; n++) {
    await home.go(right, '');
    await right.locator('.chat').waitFor({ state: 'detached' });
    const arrived = right.evaluate(
      () =>
        new Promise((resolve) => {
          const look = () => {
            const there = document.activeElement.matches('.composer textarea') && document.querySelector('.history .said');
            if (there) resolve(performance.timeOrigin + performance.now());
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }),
    );
    await left.getByRole('button', { name: 'Conversation', exact: true }).click();
    await left.getByRole('button', { name: 'Continue on…' }).click();
    const begun = await left.getByRole('button', { name: 'Continue on right' }).evaluate((button) => {
      button.click();
      return performance.timeOrigin + performance.now();
    });
    times.push((await arrived) - begun);
  }
  return [{ what: 'baton, click on one page to the place on another', value: median(times), budget: 150, note: spread(times) }];
}
