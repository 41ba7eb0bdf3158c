// ./dev bench --web: how heavy and how fast the web client is. Reports beside its budgets and never fails on speed.
import { fileScope } from './bench/scope.mjs';
import { weight } from './bench/weight.mjs';
import { scrolling } from './bench/scrolling.mjs';
import { starts } from './bench/starts.mjs';
import { baton } from './bench/baton.mjs';
import { print } from './bench/table.mjs';

const rows = [];
for (const [name, measure] of Object.entries({ weight, starts, baton, scrolling })) {
  const scope = fileScope();
  process.stderr.write(`  ${name} ...\n`);
  try {
    rows.push(...(await measure(scope)));
  } catch (error) {
    rows.push({ what: name, note: `could not be measured: ${error.message.split('\n')[0]}` });
    process.exitCode = 1;
  } finally {
    await scope.end();
  }
}
print(rows);
