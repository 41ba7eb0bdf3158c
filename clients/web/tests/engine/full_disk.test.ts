import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../../src/app/engine';
import { Daemon, isDaemonThere } from './daemon';
import { chatWith, isLive, texts, until } from './device';
import { friend, owner } from './people';

describe.skipIf(!isDaemonThere)('a browser that keeps nothing any more', () => {
  const daemon = new Daemon();
  let aki: Engine;
  let ben: Engine;
  let chat = '';
  beforeAll(async () => {
    await daemon.start();
    aki = await owner(daemon, 'aki');
    ben = await friend(daemon, aki, 'ben');
    chat = chatWith(aki, 'ben')!;
  });
  afterAll(async () => {
    aki.end();
    ben.end();
    await daemon.end();
  });

  test('is told once, and nothing is lost when there is room again', async () => {
    await ben.send(chat, 'before');
    const open = aki.open(chat);
    await until(() => texts(open).includes('before'), 'the first');
    // Only what aki stores of it: ben keeps his own words, which have his own number as an author.
    const put = IDBObjectStore.prototype.put;
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
      if (this.name === 'events' && this.transaction.db.name === aki.databaseName) {
        this.transaction.abort();
        throw new DOMException('no room', 'QuotaExceededError');
      }
      return put.apply(this, given);
    });
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await ben.send(chat, 'when it was full');
    const told = () => aki.notices.value.filter(({ notice }) => notice.kind === 'failed');
    await until(() => told().length > 0 && errors.mock.calls.length > 2, 'told, and tried again');
    expect(told().map(({ notice }) => notice.kind === 'failed' && notice.failure.code)).toEqual(['local_store']);
    full.mockRestore();
    aki.connectNow();
    await until(() => isLive(aki) && texts(open).includes('when it was full'), 'all of it');
    errors.mockRestore();
    expect(texts(open)).toEqual(['before', 'when it was full']);
    open.close();
  });
});
