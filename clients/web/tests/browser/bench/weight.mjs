// What a browser has to fetch before it can draw: script and style, as they come over the wire.
import { Daemon, launch, pc } from '../harness/harness.mjs';

export async function weight(scope) {
  const daemon = await Daemon.start(scope);
  const device = await pc(scope, await launch(scope), daemon.origin);
  const html = await (await fetch(daemon.origin)).text();
  const named = new Set([...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path));
  const page = await device.open();
  await page.locator('.door-title').waitFor();
  const all = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]),
  );
  const kib = (fits) => all.filter(([path]) => /\.(js|css)$/.test(path) && fits(path)).reduce((sum, [, size]) => sum + size, 0) / 1024;
  return [
    { what: 'first load, script and style, compressed', value: kib((path) => named.has(path)), unit: 'KiB', budget: 90 },
    { what: 'the same with the door, and the words of a language', value: kib((path) => path !== '/sw.js'), unit: 'KiB' },
  ];
}
