import { cpSync, rmSync } from 'node:fs';
import { join as path } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/app/engine';
import { Daemon, isDaemonThere } from './daemon';
import { chatWith, isLive, messages, openDevice, texts, until } from './device';
import { friend, owner } from './people';

const reopen = (device: Engine, daemon: Daemon): Engine => {
  const database = device.databaseName;
  device.end();
  return openDevice({ origin: daemon.origin, database });
};

describe.skipIf(!isDaemonThere)('outages', () => {
  const daemon = new Daemon(['limits.gap_events=5']);
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

  test('what is written without a daemon is sent once, in order, also after the tab was closed', async () => {
    const atBen = ben.open(chat);
    await daemon.kill();
    await until(() => aki.link.value.state.kind === 'offline', 'offline');
    for (let i = 1; i <= 5; i += 1) await aki.send(chat, `queued ${i}`);
    await until(() => aki.link.value.waiting === 5, 'five wait');
    const atAki = aki.open(chat);
    await until(() => texts(atAki).filter((text) => text.startsWith('queued')).length === 5, 'shown while they wait');
    aki = reopen(aki, daemon);
    await until(() => aki.phase.value.kind === 'in' && aki.link.value.waiting === 5, 'kept over the end of the tab');
    expect(aki.chats.value.find((row) => row.id === chat)?.preview?.text).toBe('queued 5');
    await daemon.start();
    aki.connectNow();
    ben.connectNow();
    await until(() => texts(atBen).length === 5, 'all five at ben');
    expect(texts(atBen)).toEqual([1, 2, 3, 4, 5].map((i) => `queued ${i}`));
    await until(() => aki.link.value.waiting === 0 && isLive(aki), 'nothing waits');
    atBen.close();
  });

  test('a device that slept ends equal to one that did not', async () => {
    const awake = ben.open(chat);
    await until(() => texts(awake).length === 5, 'what there is');
    const sleeper = aki;
    const database = sleeper.databaseName;
    sleeper.end();
    for (let i = 1; i <= 30; i += 1) await ben.send(chat, `while you slept ${i}`);
    await until(() => ben.link.value.waiting === 0, 'all sent');
    const seqOf = (text: string): number => {
      for (let i = 0; i < awake.count; i += 1) {
        const item = awake.at(i);
        if (item?.kind === 'message' && item.text === text) return item.seq;
      }
      return 0;
    };
    await until(() => seqOf('while you slept 3') > 0, 'loaded');
    await ben.edit(chat, seqOf('while you slept 3'), 'edited');
    await ben.deleteForAll(chat, seqOf('while you slept 4'));
    await ben.react(chat, seqOf('queued 2'), '👍', true);
    await until(() => ben.link.value.waiting === 0, 'all changed');
    aki = openDevice({ origin: daemon.origin, database });
    await until(() => aki.phase.value.kind === 'in', 'in');
    const woken = aki.open(chat);
    await until(() => isLive(aki) && aki.link.value.owed === 0 && !woken.stale.value, 'caught up');
    await until(() => texts(woken).length === texts(awake).length && texts(woken).includes('edited'), 'the same messages');
    const shown = (conversation: typeof woken) =>
      Array.from({ length: conversation.count }, (_, i) => conversation.at(i)!).map((item) =>
        item.kind === 'message'
          ? [item.seq, item.text, item.deleted, item.edits, item.reactions.map((each) => [each.emoji, each.by])]
          : [item.kind],
      );
    await until(() => JSON.stringify(shown(woken)) === JSON.stringify(shown(awake)), 'equal');
    expect(aki.chats.value.find((row) => row.id === chat)?.unread).toBe(29);
    const versions = await woken.versions(seqOf('edited'));
    expect(versions.map((each) => each.text)).toEqual(['while you slept 3', 'edited']);
    woken.close();
    awake.close();
  });

  test('a daemon that was put back to an older copy is noticed; what waits stays', async () => {
    const data = path(daemon.folder, 'data');
    const copy = path(daemon.folder, 'copy');
    await daemon.kill('SIGTERM');
    cpSync(data, copy, { recursive: true });
    await daemon.start();
    aki.connectNow();
    await until(() => isLive(aki), 'live');
    const open = aki.open(chat);
    await aki.send(chat, 'lost with the restore');
    await until(() => messages(open).at(-1)?.text === 'lost with the restore' && messages(open).at(-1)!.seq > 0, 'committed');
    await daemon.kill();
    await until(() => aki.link.value.state.kind === 'offline', 'offline');
    await aki.send(chat, 'waits over the restore');
    rmSync(data, { recursive: true });
    cpSync(copy, data, { recursive: true });
    await daemon.start();
    aki.connectNow();
    await until(() => aki.notices.value.some(({ notice }) => notice.kind === 'server_restored'), 'told');
    const isSent = (): boolean => messages(open).some((each) => each.text === 'waits over the restore' && each.seq > 0);
    await until(isSent, 'sent');
    expect(texts(open)).not.toContain('lost with the restore');
    open.close();
  });
});
