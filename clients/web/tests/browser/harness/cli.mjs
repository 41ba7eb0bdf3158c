// The command line as a device of its own, by its contract (--json).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { program, temporaryFolder } from './files.mjs';
import { atEnd } from './scope.mjs';

export class Cli {
  constructor(profile) {
    this.profile = profile;
  }

  /** A device whose profile goes with `scope`. */
  static of(scope) {
    return new Cli(temporaryFolder(scope));
  }

  /** A device that has joined with `link`. */
  static async joined(scope, link, handle, { name = handle, device = 'cli' } = {}) {
    const cli = Cli.of(scope);
    await cli.all('join', link, '--handle', handle, '--name', name, '--device', device);
    return cli;
  }

  /** Runs one command to its end: {exit, out, err}. An object as last word: {input} for its standard input. */
  async run(...words) {
    const { input = '' } = typeof words.at(-1) === 'object' ? words.pop() : {};
    const child = spawn(program('enishi'), ['--json', '--profile', this.profile, ...words]);
    const result = { exit: 0, out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (result.out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (result.err += text));
    child.stdin.on('error', () => {}).end(input);
    [result.exit] = await once(child, 'close');
    return result;
  }

  /** The objects that a command printed; throws if it was refused. */
  async all(...words) {
    const { exit, out, err } = await this.run(...words);
    if (exit !== 0) throw new Error(`enishi ${words.join(' ')}: exit ${exit}\n${err}${out}`);
    return out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** The first of them. */
  async one(...words) {
    return (await this.all(...words))[0];
  }

  /** Offers a pairing and lets in whoever comes: {url, done}. */
  async offer(scope) {
    const child = spawn(program('enishi'), ['--json', '--profile', this.profile, 'pair', '--yes']);
    atEnd(scope, async () => child.kill('SIGKILL'));
    child.stderr.resume();
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { url } = JSON.parse((await lines.next()).value);
    return { url, done: lines.next() };
  }

  /** Becomes a device of the one who shows `link`: the six digits to be typed there, and when it is done. */
  async pair(scope, link, name = 'cli') {
    const child = spawn(program('enishi'), ['--json', '--profile', this.profile, 'pair', link, '--device', name]);
    atEnd(scope, async () => child.kill('SIGKILL'));
    child.stdout.resume();
    const done = once(child, 'close');
    let words = '';
    const digits = await new Promise((resolve, reject) => {
      child.stderr.setEncoding('utf8').on('data', (part) => {
        words += part;
        const found = /^\s*(\d{3}) ?(\d{3})\s*$/m.exec(words);
        if (found) resolve(found[1] + found[2]);
      });
      void done.then(() => reject(new Error(`no digits: ${words}`)));
    });
    return { digits, done };
  }

  /** The line of `enishi list` for one chat. */
  async chat(name) {
    return (await this.all('list')).find((one) => one.chat === name);
  }

  /** `enishi watch`, from its "ready" on; ends with `scope`. */
  async watch(scope) {
    const watching = new Watching(spawn(program('enishi'), ['--json', '--profile', this.profile, 'watch']));
    atEnd(scope, () => watching.end());
    await watching.next((seen) => seen.type === 'ready');
    return watching;
  }
}

/** A stream of happenings. */
export class Watching {
  #child;
  #lines;

  constructor(child) {
    this.#child = child;
    child.stderr.resume();
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  /** The next happening that fits; those before it are passed over. */
  async next(fits) {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error('enishi watch ended');
      const seen = JSON.parse(value);
      if (fits(seen)) return seen;
    }
  }

  async end() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
  }
}
