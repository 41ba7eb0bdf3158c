// What a person with a screen reader, or without a mouse, would stumble over.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One line for each violation on the page as it is now; none is good. Runs beside the page's policy, not under it. */
export async function violations(page, options = {}) {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('Runtime.evaluate', { expression: source });
  } finally {
    await session.detach();
  }
  const found = await page.evaluate((more) => globalThis.axe.run(document, more), options);
  return found.violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id} (${one.impact}): ${node.target.join(' ')}: ${node.failureSummary}`),
  );
}
