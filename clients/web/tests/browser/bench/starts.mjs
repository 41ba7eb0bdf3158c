// From the navigation to a list that can be used, with 200 conversations.
import { randomBytes } from 'node:crypto';
import { Cli, Daemon, Flood, floodSettings, home, launch, pc } from '../harness/harness.mjs';
import { median, spread } from './table.mjs';

const runs = 7;
const conversations = 200;

export async function many(scope, cli, count = conversations) {
  const ben = await Flood.joined(scope, (await cli.one('invite')).url, 'ben', 'Ben');
  for (let n = 0; n < count; n++) {
    const { conversationId } = await ben.ask('groupNew', { title: Buffer.from(`Group ${n + 1}`), handles: [Buffer.from('aki')] }, randomBytes(16));
    await ben.write(Buffer.from(conversationId).toString('hex'), [`The first word in group ${n + 1}`, 'and another']);
  }
  ben.end();
}

// The list is drawn; and the processor has rested for 200 ms since. Counted from the navigation.
function watch() {
  globalThis.measured = { drawn: 0, busyUntil: 0 };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) measured.busyUntil = Math.max(measured.busyUntil, one.startTime + one.duration);
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (document.querySelector('a.list-row')) measured.drawn ||= performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function start(page) {
  await page.reload({ waitUntil: 'commit' });
  await page.waitForFunction(() => {
    const { drawn, busyUntil } = globalThis.measured;
    return drawn > 0 && performance.now() - Math.max(drawn, busyUntil) > 200;
  });
  return page.evaluate(() => ({ drawn: measured.drawn, ready: Math.max(measured.drawn, measured.busyUntil) }));
}

export async function starts(scope) {
  const daemon = await Daemon.start(scope, { settings: floodSettings });
  const cli = await Cli.joined(scope, await daemon.invite(), 'aki', { name: 'Aki' });
  await many(scope, cli);
  const device = await pc(scope, await launch(scope), daemon.origin);
  await device.context.addInitScript(watch);
  const page = await home.paired(scope, cli, device, 'pc');
  await page.getByText('Group 200').first().waitFor();
  await home.served(page);
  const times = async (count) => {
    const all = [];
    for (let n = 0; n < count; n++) all.push(await start(page));
    return all;
  };
  await times(1); // what is compiled once is compiled
  const session = await device.context.newCDPSession(page);
  const throttle = (rate) => session.send('Emulation.setCPUThrottlingRate', { rate });
  await session.send('Network.enable');
  await session.send('Network.setBypassServiceWorker', { bypass: true });
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await throttle(4);
  const slow = await times(runs);
  await throttle(1);
  await session.send('Network.setBypassServiceWorker', { bypass: false });
  await session.send('Network.setCacheDisabled', { cacheDisabled: false });
  await times(1);
  await device.offline();
  const warm = await times(runs);
  const row = (what, values, budget) => ({ what, value: median(values), budget, note: spread(values) });
  return [
    row('interactive, 4x slower processor, nothing cached', slow.map((one) => one.ready), 1000),
    row('  of that: the list is drawn', slow.map((one) => one.drawn)),
    row('warm start without a network: the list is drawn', warm.map((one) => one.drawn), 200),
    row('  and the page is at rest', warm.map((one) => one.ready)),
  ];
}
