// A real daemon in a folder of its own, on a free port; and the command line as another client of it.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const bin = process.env.ENISHI_BIN ?? '';
export const isDaemonThere = bin !== '';

export class Daemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'enishi-web-'));
  origin = '';
  private process: ChildProcess | undefined;

  constructor(private readonly settings: readonly string[] = []) {}

  async start(): Promise<void> {
    const listen = this.origin ? new URL(this.origin).host : '127.0.0.1:0';
    const args = ['run', '--data', join(this.folder, 'data'), '--listen', listen];
    for (const each of this.settings) args.push('--set', each);
    const child = spawn(join(bin, 'enishid'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    this.origin = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (data: Buffer) => {
        text += data.toString();
        const ready = /ready (http\S+)/.exec(text);
        if (ready) resolve(ready[1]!);
      });
      child.stderr.on('data', () => undefined);
      child.on('exit', (code) => reject(new Error(`enishid ended with ${code}: ${text}`)));
    });
  }
  /** As a machine that loses its power would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
  /** The fragment of an invitation of the daemon itself. */
  invite(): string {
    const link = execFileSync(join(bin, 'enishid'), ['invite', '--data', join(this.folder, 'data')], { encoding: 'utf8' });
    return link.slice(link.indexOf('#')).trim();
  }
  /** One command of the command line, as the device `profile`. */
  cli(profile: string, ...args: string[]): string {
    const folder = join(this.folder, profile);
    return execFileSync(join(bin, 'enishi'), ['--profile', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }
  json<T>(profile: string, ...args: string[]): T[] {
    return this.cli(profile, '--json', ...args)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  }
}
