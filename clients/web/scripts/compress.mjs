// Compressed siblings of what was built (the daemon sends them as they are), and the weight of the first load: script and
// style that index.html asks for, with what these import at once. Over the budget is said, and fails with --strict.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const budgetKiB = 90;
const out = resolve(dirname(fileURLToPath(import.meta.url)), '../../../build/web');
const compressible = new Set(['.js', '.css', '.html', '.svg', '.json', '.webmanifest', '.txt', '.map']);
const sizes = new Map();

for (const name of readdirSync(out, { recursive: true })) {
  const file = join(out, name);
  if (file.endsWith('.map')) rmSync(file);
  else if (compressible.has(extname(name))) {
    const plain = readFileSync(file);
    const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    const gzip = gzipSync(plain, { level: 9 });
    writeFileSync(`${file}.br`, brotli);
    writeFileSync(`${file}.gz`, gzip);
    sizes.set(`/${name}`, { plain: plain.length, brotli: brotli.length, gzip: gzip.length });
  }
}

const first = new Set();
const visit = (path) => {
  if (!sizes.has(path) || first.has(path)) return;
  first.add(path);
  if (!path.endsWith('.js')) return;
  const text = readFileSync(join(out, path), 'utf8');
  for (const match of text.matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g)) visit(join(dirname(path), match[1]));
};
const page = readFileSync(join(out, 'index.html'), 'utf8');
for (const match of page.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)) visit(match[1]);

const kib = (bytes) => (bytes / 1024).toFixed(1);
let [brotli, gzip] = [0, 0];
for (const path of first) {
  const size = sizes.get(path);
  brotli += size.brotli;
  gzip += size.gzip;
  console.log(`  ${path}  ${kib(size.plain)} KiB, br ${kib(size.brotli)}, gz ${kib(size.gzip)}`);
}
console.log(`first load: br ${kib(brotli)} KiB, gz ${kib(gzip)} KiB; budget ${budgetKiB} KiB`);
if (brotli > budgetKiB * 1024) {
  console.error(`over the budget by ${kib(brotli - budgetKiB * 1024)} KiB`);
  if (process.argv.includes('--strict')) process.exit(1);
}
