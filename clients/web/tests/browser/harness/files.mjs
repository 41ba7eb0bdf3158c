// Where things are: the source tree, the binaries of the build under test, the built web client.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from './scope.mjs';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../..');

/** A binary of this build; from ENISHI_BIN, the build's folder. */
export const program = (name) => join(resolve(process.env.ENISHI_BIN ?? join(root, 'build/release')), name);

/** The built web client; ENISHI_WEB names another one. */
export const site = resolve(process.env.ENISHI_WEB ?? join(root, 'build/web'));

/** What must be there before a test makes sense: a line for each thing that is missing, with what to do. */
export function missing() {
  const faults = [];
  for (const name of ['enishid', 'enishi'])
    if (!existsSync(program(name))) faults.push(`${program(name)} is missing: ./dev build`);
  if (!existsSync(join(site, 'index.html'))) faults.push(`${site} holds no web client: ./dev build`);
  if (!existsSync(chromium)) faults.push(`${chromium} is missing: apt-get install chromium fonts-noto-cjk`);
  return faults;
}

/** Debian's browser; playwright-core brings none. */
export const chromium = process.env.ENISHI_CHROMIUM ?? '/usr/bin/chromium';

/** A folder that is gone when `scope` ends. */
export function temporaryFolder(scope) {
  const folder = mkdtempSync(join(tmpdir(), 'enishi-browser-'));
  atEnd(scope, async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
