// Generates src/protocol/gen from proto/ with Debian's protoc and protoc-gen-es; nothing is done when it is newer.
// ENISHI_PROTO names another folder than the repository's proto/.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFileRegistry, fromBinary, ScalarType } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const web = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const proto = resolve(process.env.ENISHI_PROTO ?? join(web, '../../proto'));
const out = join(web, 'src/protocol/gen');
const plugin = join(web, 'node_modules/.bin/protoc-gen-es');

const sources = readdirSync(join(proto, 'enishi/v1')).filter((name) => name.endsWith('.proto'));
const newest = Math.max(
  statSync(join(web, 'package-lock.json')).mtimeMs,
  statSync(fileURLToPath(import.meta.url)).mtimeMs,
  ...sources.map((name) => statSync(join(proto, 'enishi/v1', name)).mtimeMs),
);
const made = sources.map((name) => join(out, 'enishi/v1', name.replace(/\.proto$/, '_pb.ts')));
made.push(join(out, 'tables.ts'));
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

// The codec's tables (src/protocol/codec.ts): what of the descriptors is needed to read and write frames. The library's
// own reflection would be a quarter of what a first load may weigh.
const set = join(out, 'descriptors.binpb');
execFileSync('protoc', [
  `--descriptor_set_out=${set}`,
  `--proto_path=${proto}`,
  ...sources.map((name) => `enishi/v1/${name}`),
]);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(set)));
rmSync(set);
const messages = [...registry].filter((each) => each.kind === 'message');
const indexOf = new Map(messages.map((each, index) => [each.typeName, index]));
const scalars = new Map([
  [ScalarType.UINT64, 'u'],
  [ScalarType.INT64, 'i'],
  [ScalarType.UINT32, 'n'],
  [ScalarType.BOOL, 'b'],
  [ScalarType.STRING, 's'],
  [ScalarType.BYTES, 'y'],
]);
const typeOf = (field) => {
  const kind = field.fieldKind === 'list' ? field.listKind : field.fieldKind;
  if (kind === 'message') return indexOf.get(field.message.typeName);
  if (kind === 'enum') return 'n';
  const type = kind === 'scalar' ? scalars.get(field.scalar) : undefined;
  if (!type) throw new Error(`codec.ts does not know the type of ${field.toString()}`);
  return type;
};
const rows = messages.map((message) =>
  message.fields
    .map((field) => {
      const list = field.fieldKind === 'list' ? '*' : '';
      const oneof = field.oneof ? `@${field.oneof.localName}` : '';
      return `${field.number}${list} ${typeOf(field)} ${field.localName}${oneof}`;
    })
    .join(','),
);
writeFileSync(
  join(out, 'tables.ts'),
  `// Made by scripts/generate.mjs: one line for each message; each field: number, * for a list, type, name, @oneof.
export const tables = \`${rows.join('\n')}\`;
export const clientFrame = ${indexOf.get('enishi.v1.ClientFrame')};
export const serverFrame = ${indexOf.get('enishi.v1.ServerFrame')};
`,
);
