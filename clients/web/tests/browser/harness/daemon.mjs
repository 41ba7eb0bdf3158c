// The real daemon on a port of its own, with the built web client.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { program, site, temporaryFolder } from './files.mjs';
import { atEnd } from './scope.mjs';

const execute = promisify(execFile);

export class Daemon {
  #process = null;
  #log = '';
  #listen = '127.0.0.1:0';

  constructor(data, { web = site, settings = [] } = {}) {
    this.data = data;
    this.origin = '';
    this.settings = [`web.directory=${web}`, ...settings];
  }

  /** Starts one in a folder that goes with `scope` (see scope.mjs). `settings`: SECTION.KEY=VALUE. */
  static async start(scope, options = {}) {
    const daemon = new Daemon(temporaryFolder(scope), options);
    atEnd(scope, () => daemon.kill9());
    await daemon.start();
    return daemon;
  }

  /** Starts, or starts again: on the port that was found. */
  async start() {
    const words = ['run', '--data', this.data, '--listen', this.#listen];
    for (const setting of this.settings) words.push('--set', setting);
    const started = spawn(program('enishid'), words, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = started;
    started.stderr.setEncoding('utf8').on('data', (text) => (this.#log += text));
    const ready = new Promise((resolve, reject) => {
      createInterface(started.stdout).on('line', (line) => line.startsWith('ready ') && resolve(line.slice(6)));
      started.once('exit', (code) => reject(new Error(`the daemon ended (${code}) before it served:\n${this.#log}`)));
      started.once('error', reject);
    });
    this.origin = await ready;
    this.#listen = `127.0.0.1:${this.port}`;
  }

  get port() {
    return Number(new URL(this.origin).port);
  }
  /** All that it wrote to standard error, over all starts. */
  get log() {
    return this.#log;
  }

  /** SIGKILL, as if the machine had lost its power; waits until it is gone. */
  async kill9() {
    await this.#end('SIGKILL');
  }
  /** SIGTERM; waits until it has drained. */
  async stop() {
    await this.#end('SIGTERM');
  }
  async restart() {
    await this.kill9();
    await this.start();
  }
  /** SIGHUP: reads certificate and web client again. */
  reload() {
    this.#process.kill('SIGHUP');
  }

  async #end(signal) {
    const ending = this.#process;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    await gone;
  }

  /** A link of the operator's; the first one who opens it is the owner. `more`: --uses N, --expires TIME. */
  async invite(...more) {
    const { stdout } = await execute(program('enishid'), ['invite', '--data', this.data, ...more]);
    return stdout.trim();
  }
}
