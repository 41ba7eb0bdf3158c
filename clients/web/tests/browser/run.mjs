// npm run test:browser [-- PART OF A FILE'S NAME ...]: the tests of this folder, one file after the other.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missing } from './harness/files.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs') && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
  .sort();
const faults = missing();
if (!existsSync(join(here, 'node_modules/playwright-core')))
  faults.push('playwright-core is missing: npm ci --prefix clients/web/tests/browser');
if (files.length === 0) faults.push(`no test is called ${wanted.join(' or ')}`);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
// One at a time: two browsers on two processors would test the machine.
const done = spawnSync(
  process.execPath,
  ['--test', '--test-reporter=spec', '--test-concurrency=1', '--test-timeout=600000', ...files.map((name) => join(here, name))],
  { stdio: 'inherit' },
);
process.exit(done.status ?? 1);
