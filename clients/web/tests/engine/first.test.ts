import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Daemon, isDaemonThere } from './daemon';
import { chatWith, isLive, join, messages, openDevice, texts, until } from './device';

describe.skipIf(!isDaemonThere)('two people', () => {
  const daemon = new Daemon();
  beforeAll(() => daemon.start());
  afterAll(() => daemon.end());

  test('join, talk, read', async () => {
    const aki = openDevice({ origin: daemon.origin, hash: daemon.invite() });
    await until(() => aki.door.preview.value.kind === 'open', 'the preview');
    await join(aki, 'aki');
    const made = await aki.invite({ uses: 1, expiresInS: 3600, note: 'for ben' });
    expect(made.ok).toBe(true);
    const link = made.ok ? made.value.link! : '';
    const ben = openDevice({ origin: daemon.origin, hash: link.slice(link.indexOf('#')) });
    await until(() => ben.door.preview.value.kind === 'open', 'the preview');
    expect(ben.door.preview.value).toMatchObject({ inviter: 'aki', note: 'for ben' });
    await join(ben, 'ben');
    await until(() => chatWith(aki, 'ben') !== undefined && chatWith(ben, 'aki') !== undefined, 'the direct chat');
    const chat = chatWith(aki, 'ben')!;

    const atAki = aki.open(chat);
    const atBen = ben.open(chat);
    const sent = await aki.send(chat, 'hello @ben');
    expect(sent.ok).toBe(true);
    await until(() => texts(atBen).includes('hello @ben'), 'the message at ben');
    await until(() => messages(atAki).at(-1)?.sent === 'committed' || messages(atAki).at(-1)?.sent === 'delivered', 'committed');
    const row = (): { unread: number; mentions: number } => ben.chats.value.find((each) => each.id === chat)!;
    await until(() => row().unread === 1, 'one unread');
    expect(row().mentions).toBe(1);
    expect(ben.badge.value).toBe(1);
    ben.markRead(chat, messages(atBen).at(-1)!.seq);
    await until(() => row().unread === 0, 'read');
    await until(() => ben.link.value.waiting === 0, 'nothing waits');
    expect(isLive(ben)).toBe(true);
    aki.end();
    ben.end();
  });
});
