// Generates src/protocol/gen from proto/ with Debian's protoc and protoc-gen-es; nothing is done when it is newer.
// ENISHI_PROTO names another folder than the repository's proto/.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const proto = resolve(process.env.ENISHI_PROTO ?? join(web, '../../proto'));
const out = join(web, 'src/protocol/gen');
const plugin = join(web, 'node_modules/.bin/protoc-gen-es');

const sources = readdirSync(join(proto, 'enishi/v1')).filter((name) => name.endsWith('.proto'));
const newest = Math.max(
  statSync(join(web, 'package-lock.json')).mtimeMs,
  ...sources.map((name) => statSync(join(proto, 'enishi/v1', name)).mtimeMs),
);
const made = sources.map((name) => join(out, 'enishi/v1', name.replace(/\.proto$/, '_pb.ts')));
if (made.every((file) => existsSync(file) && statSync(file).mtimeMs >= newest)) process.exit(0);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
execFileSync(
  'protoc',
  [
    `--plugin=protoc-gen-es=${plugin}`,
    `--es_out=${out}`,
    '--es_opt=target=ts',
    `--proto_path=${proto}`,
    ...sources.map((name) => `enishi/v1/${name}`),
  ],
  { stdio: 'inherit' },
);
