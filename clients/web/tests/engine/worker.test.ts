// A newer page takes over: in the tab that let it in, and in the others.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registerWorker } from '../../src/app/worker';

let visibility = 'visible';
let reloads = 0;
let workers: EventTarget & { controller: object; register: () => Promise<unknown> };
let page: EventTarget;

beforeEach(() => {
  visibility = 'visible';
  reloads = 0;
  workers = Object.assign(new EventTarget(), { controller: {}, register: () => new Promise(() => undefined) });
  page = new EventTarget();
  Object.defineProperty(page, 'visibilityState', { get: () => visibility });
  vi.stubEnv('PROD', true);
  vi.stubGlobal('navigator', { serviceWorker: workers });
  vi.stubGlobal('document', page);
  vi.stubGlobal('location', { reload: () => (reloads += 1) });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a tab that is looked at when another one lets the newer page in says so, and follows when it is out of sight', async () => {
  let saved = 0;
  const update = registerWorker(async () => {
    saved += 1;
  });
  workers.dispatchEvent(new Event('controllerchange'));
  await turn();
  expect([update.waiting.value, reloads]).toEqual([true, 0]);
  visibility = 'hidden';
  page.dispatchEvent(new Event('visibilitychange'));
  await turn();
  expect([saved, reloads]).toEqual([1, 1]);
});

test('a hidden one follows at once, after what is typed was saved', async () => {
  visibility = 'hidden';
  const order: string[] = [];
  registerWorker(async () => void order.push('saved'));
  vi.stubGlobal('location', { reload: () => order.push('reload') });
  workers.dispatchEvent(new Event('controllerchange'));
  await turn();
  expect(order).toEqual(['saved', 'reload']);
});
