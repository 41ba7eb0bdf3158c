// What devices of one member, and members tied with each other, share besides messages.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/app/engine';
import { Daemon, isDaemonThere } from './daemon';
import { chatWith, isLive, messages, openDevice, texts, until } from './device';
import { friend, owner, pair } from './people';

describe.skipIf(!isDaemonThere)('sharing', () => {
  const daemon = new Daemon();
  let phone: Engine;
  let pc: Engine;
  let ben: Engine;
  let chat = '';
  beforeAll(async () => {
    await daemon.start();
    phone = await owner(daemon, 'aki', 'phone');
    ben = await friend(daemon, phone, 'ben');
    pc = await pair(daemon, phone, 'pc');
    chat = chatWith(phone, 'ben')!;
    await until(() => chatWith(pc, 'ben') === chat, 'the chat at the pc');
  });
  afterAll(async () => {
    for (const each of [phone, pc, ben]) each?.end();
    await daemon.end();
  });

  test('a draft follows; two of them lose nothing; sending clears it', async () => {
    const [atPhone, atPc] = [phone.open(chat), pc.open(chat)];
    const [here, there] = [atPhone.draft, atPc.draft];
    here.input('half a sent', 11);
    await until(() => there.view.value.text === 'half a sent', 'the draft at the pc');
    expect(there.view.value.byDevice).toBe('phone');
    expect(pc.chats.value.find((row) => row.id === chat)?.draft).toBe('half a sent');
    await until(() => here.view.value.saved, 'saved');
    // Both go on at once: the focused one keeps what it shows.
    there.focus(true);
    there.input('half a sentence', 15);
    here.input('another thought', 15);
    await until(() => here.view.value.saved || here.view.value.kept.length > 0 || there.view.value.kept.length > 0, 'decided');
    await until(() => [here, there].some((each) => each.view.value.kept.length > 0), 'the loser is kept');
    const all = (): string[] => [here.view.value.text, there.view.value.text, ...here.view.value.kept.map((each) => each.text)];
    await until(() => all().some((each) => each === 'half a sentence') && all().includes('another thought'), 'both are there');
    there.focus(false);
    await until(() => here.view.value.text === there.view.value.text && here.view.value.saved && there.view.value.saved, 'one draft');
    const kept = here.view.value.kept[0]!;
    const shown = here.view.value.text;
    here.restore(kept.key);
    await until(() => here.view.value.text === kept.text && there.view.value.text === kept.text, 'restored');
    await until(() => here.view.value.kept.some((each) => each.text === shown), 'what was replaced is kept');
    const sending = phone.send(chat, here.view.value.text);
    expect(here.view.value.text).toBe('');
    here.input('typed at once', 13);
    await sending;
    expect(here.view.value.text).toBe('typed at once');
    here.input('', 0);
    await until(() => there.view.value.text === '' && texts(atPc).includes(kept.text), 'cleared by the sending');
    await here.drop(here.view.value.kept[0]!.key);
    await until(() => here.view.value.kept.length === 0 && there.view.value.kept.length === 0, 'dropped');
    atPhone.close();
    atPc.close();
  });

  test('typed while there is no daemon, and over the end of the tab', async () => {
    await daemon.kill();
    await until(() => phone.link.value.state.kind === 'offline', 'offline');
    const open = phone.open(chat);
    open.draft.input('typed in a tunnel', 17);
    await open.draft.flush();
    const database = phone.databaseName;
    phone.end();
    phone = openDevice({ origin: daemon.origin, database });
    await until(() => phone.phase.value.kind === 'in', 'in');
    expect(phone.chats.value.find((row) => row.id === chat)?.draft).toBe('typed in a tunnel');
    const again = phone.open(chat);
    await until(() => again.draft.view.value.text === 'typed in a tunnel', 'in the field');
    await daemon.start();
    for (const each of [phone, pc, ben]) each.connectNow();
    const atPc = pc.open(chat);
    await until(() => atPc.draft.view.value.text === 'typed in a tunnel', 'at the pc');
    again.draft.input('', 0);
    await until(() => atPc.draft.view.value.text === '', 'emptied by hand');
    again.close();
    atPc.close();
  });

  test('delivered and read, truthfully, and not without giving the same', async () => {
    await until(() => isLive(phone) && isLive(ben) && isLive(pc), 'live');
    const [mine, his] = [phone.open(chat), ben.open(chat)];
    await phone.send(chat, 'did you get this?');
    const last = () => messages(mine).at(-1)!;
    await until(() => last().text === 'did you get this?' && last().sent === 'delivered', 'delivered');
    ben.markRead(chat, his.head.value);
    await until(() => last().sent === 'read', 'read');
    expect(phone.chats.value.find((row) => row.id === chat)?.preview?.sent).toBe('read');
    expect((await ben.setReceipts(false)).ok).toBe(true);
    await until(() => ben.me.value?.receipts === false, 'off');
    await phone.send(chat, 'and this?');
    await until(() => last().text === 'and this?' && last().sent === 'delivered', 'delivered again');
    ben.markRead(chat, his.head.value);
    await until(() => ben.chats.value.find((row) => row.id === chat)!.unread === 0, 'read by ben');
    await until(() => ben.link.value.waiting === 0, 'told');
    expect(last().sent).toBe('delivered');
    await ben.setReceipts(true);
    mine.close();
    his.close();
  });

  test('name, colour and picture are seen by those who are tied', async () => {
    expect((await phone.setProfile('Aki Mori', 42)).ok).toBe(true);
    const at = (device: Engine) => device.ties.value.find((each) => each.handle === 'aki');
    await until(() => at(ben)?.name === 'Aki Mori' && at(ben)?.hue === 42, 'at ben');
    await until(() => pc.me.value?.name === 'Aki Mori', 'at the pc');
    const png = Uint8Array.from(atob(onePixel), (character) => character.charCodeAt(0));
    expect((await phone.setPicture(new Blob([png]))).ok).toBe(true);
    await until(() => (at(ben)?.pictureId ?? '') !== '', 'a picture');
    expect(await ben.picture(at(ben)!)).toMatch(/^blob:/);
  });

  test('the baton: the same line, the draft and the caret', async ({ skip }) => {
    const [here, there] = [phone.open(chat), pc.open(chat)];
    here.draft.input('carried over', 7);
    const devices = await phone.devices();
    const id = devices.ok ? devices.value.find((each) => each.name === 'pc')!.id : '';
    const given = await phone.baton.give(id, { chat, anchorSeq: 2, anchorOffset: 500, caret: 7 });
    if (!given.ok && given.failure.code === 'unsupported') skip('this daemon knows no baton');
    expect(given).toMatchObject({ ok: true });
    await until(() => pc.baton.passed.value !== undefined, 'passed');
    const passed = pc.baton.passed.value!;
    expect(passed).toMatchObject({ chat, anchorSeq: 2, anchorOffset: 500, caret: 7, fromDevice: 'phone' });
    expect(there.draft.view.value.text).toBe('carried over');
    passed.taken();
    await until(() => phone.notices.value.some(({ notice }) => notice.kind === 'continued_on' && notice.device === 'pc'), 'taken');
    pc.baton.setPlace(() => ({ chat, anchorSeq: 0, anchorOffset: 0, caret: 3 }));
    expect((await phone.baton.takeOver()).ok).toBe(true);
    await until(() => phone.baton.passed.value?.caret === 3, 'taken over here');
    here.close();
    there.close();
  });
});

const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
