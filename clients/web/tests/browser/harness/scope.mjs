// What a test has begun is ended with it, the last first.
import { after } from 'node:test';

const endings = new WeakMap();

async function end(scope) {
  const all = endings.get(scope) ?? [];
  endings.delete(scope);
  let fault;
  for (const one of all.reverse()) await one().catch((error) => (fault ??= error));
  if (fault) throw fault;
}

/** `ending` (an async function) runs when `scope` ends: a test's context, or fileScope(). */
export function atEnd(scope, ending) {
  if (!endings.has(scope)) {
    endings.set(scope, []);
    scope.after?.(() => end(scope));
  }
  endings.get(scope).push(ending);
}

/** For what all tests of a file share. Call it at the top of the file. */
export function fileScope() {
  const scope = {};
  after(() => end(scope));
  return scope;
}
