import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/app/engine';
import { Daemon, isDaemonThere } from './daemon';
import { chatWith, FakeLocks, isLive, messages, openDevice, texts, until } from './device';
import { friend, owner, pair } from './people';

describe.skipIf(!isDaemonThere)('several devices', () => {
  const daemon = new Daemon();
  let phone: Engine;
  let pc: Engine;
  let ben: Engine;
  let chat = '';
  beforeAll(async () => {
    await daemon.start();
    phone = await owner(daemon, 'aki', 'phone');
    ben = await friend(daemon, phone, 'ben');
    chat = chatWith(phone, 'ben')!;
  });
  afterAll(async () => {
    for (const each of [phone, pc, ben]) each?.end();
    await daemon.end();
  });

  test('pairing by six digits; everything is there', async () => {
    await phone.send(chat, 'before the pairing');
    pc = await pair(daemon, phone, 'pc');
    await until(() => phone.notices.value.some(({ notice }) => notice.kind === 'device_added'), 'the notice');
    const open = pc.open(chat);
    await until(() => texts(open).includes('before the pairing'), 'history');
    const devices = await phone.devices();
    expect(devices.ok && devices.value.map((each) => each.name)).toEqual(['phone', 'pc']);
    open.close();
  });

  test('unread is one number, read on one is read on the other', async () => {
    const row = (device: Engine) => device.chats.value.find((each) => each.id === chat)!;
    const atPc = pc.open(chat);
    await ben.send(chat, 'one');
    await ben.send(chat, 'two @aki');
    await until(() => row(phone).unread === 2 && row(pc).unread === 2, 'two on both');
    expect([row(phone).mentions, row(pc).mentions]).toEqual([1, 1]);
    await until(() => messages(atPc).length === 3, 'loaded');
    expect(atPc.firstUnread.value).toBe(messages(atPc)[1]!.seq);
    pc.markRead(chat, messages(atPc)[1]!.seq);
    await until(() => row(phone).unread === 1 && row(pc).unread === 1, 'one on both');
    const undo = await phone.markUnreadFrom(chat, messages(atPc)[1]!.seq);
    await until(() => row(pc).unread === 2 && row(phone).unread === 2, 'unread again');
    if (undo.ok) undo.value();
    await until(() => row(pc).unread === 1 && row(phone).unread === 1, 'undone');
    pc.markRead(chat, row(pc).head);
    await until(() => row(phone).unread === 0 && phone.badge.value === 0, 'all read');
    atPc.close();
  });

  test('edits, deletions, reactions, pins, stars, hiding', async () => {
    const [atPhone, atBen, atPc] = [phone.open(chat), ben.open(chat), pc.open(chat)];
    await phone.send(chat, 'a message to change');
    const find = (of: typeof atBen, text: string) => messages(of).find((each) => each.text === text);
    await until(() => (find(atPhone, 'a message to change')?.seq ?? 0) > 0, 'sent');
    const { seq } = find(atPhone, 'a message to change')!;
    await phone.edit(chat, seq, 'changed');
    await until(() => find(atBen, 'changed')?.edits === 1, 'edited at ben');
    await ben.react(chat, seq, '🍵', true);
    await until(() => find(atPc, 'changed')?.reactions[0]?.by[0] === 'ben', 'reaction at the pc');
    await ben.pinMessage(chat, seq, true);
    await until(() => atPc.pins.value.includes(seq) && atPhone.pins.value.includes(seq), 'pinned');
    await pc.star(chat, seq, true);
    await until(() => find(atPhone, 'changed')?.starred === true, 'starred on the phone');
    expect((await phone.starred()).map((each) => each.message.text)).toEqual(['changed']);
    await phone.star(chat, seq, false);
    await until(() => find(atPc, 'changed')?.starred === false, 'star gone');
    await ben.react(chat, seq, '🍵', false);
    await until(() => find(atPc, 'changed')?.reactions.length === 0, 'reaction gone');
    await pc.hide(chat, seq, true);
    await until(() => find(atPhone, 'changed') === undefined && find(atPc, 'changed') === undefined, 'hidden on both');
    await phone.hide(chat, seq, false);
    await until(() => find(atPc, 'changed') !== undefined, 'back');
    await phone.deleteForAll(chat, seq);
    await until(() => messages(atBen).find((each) => each.seq === seq)?.deleted === true, 'a tombstone');
    await ben.edit(chat, seq, 'not mine');
    const refused = () => messages(atBen).find((each) => each.seq === seq)?.changeRefused;
    await until(() => refused() !== undefined, 'refused');
    expect(['not_author', 'message_deleted']).toContain(refused()!.failure.code);
    expect(ben.link.value.refused).toBe(1);
    await ben.discard(refused()!.clientId);
    await until(() => refused() === undefined && ben.link.value.refused === 0, 'discarded');
    for (const each of [atPhone, atBen, atPc]) each.close();
  });

  test('two tabs: one holds the connection, the other takes over', async () => {
    const locks = new FakeLocks();
    const database = 'two-tabs';
    const made = await phone.offerPairing();
    if (!made.ok || made.value.state.value.kind !== 'offered') throw new Error('no offer');
    const hash = made.value.state.value.link.slice(daemon.origin.length + 1);
    const first = openDevice({ origin: daemon.origin, hash, database, locks });
    await until(() => first.phase.value.kind === 'door', 'the door');
    void first.door.pair('tabs');
    await until(() => made.value.state.value.kind === 'asked' && first.door.pairing.value.kind === 'waiting', 'asked');
    const pairing = first.door.pairing.value;
    await made.value.approve(pairing.kind === 'waiting' ? pairing.digits : '');
    await until(() => first.phase.value.kind === 'in' && isLive(first), 'the first tab');
    const second = openDevice({ origin: daemon.origin, database, locks });
    await until(() => second.phase.value.kind === 'in' && isLive(second), 'the second tab');
    expect([first.link.value.byOtherTab, second.link.value.byOtherTab]).toEqual([false, true]);
    const [one, two] = [first.open(chat), second.open(chat)];
    await second.send(chat, 'by the second tab');
    await until(() => texts(one).includes('by the second tab') && texts(two).includes('by the second tab'), 'in both tabs');
    const devices = await second.devices();
    expect(devices.ok && devices.value.some((each) => each.current && each.name === 'tabs')).toBe(true);
    first.end();
    await until(() => !second.link.value.byOtherTab && isLive(second), 'taken over');
    await second.send(chat, 'after the take-over');
    await until(() => messages(two).at(-1)?.text === 'after the take-over' && messages(two).at(-1)!.seq > 0, 'sent');
    second.end();
  });

  test('a tab in the background that sleeps with the lock in its hands is relieved', async () => {
    const [locks, frozen, database] = [new FakeLocks(), { value: false }, 'sleeping-tab'];
    const codes = await phone.makeRecoveryCodes();
    const first = openDevice({ origin: daemon.origin, database, locks, frozen });
    await until(() => first.phase.value.kind === 'door', 'the door');
    await first.door.recover(codes.ok ? codes.value[0]! : '', 'sleepy');
    await until(() => isLive(first), 'the first tab');
    const second = openDevice({ origin: daemon.origin, database, locks });
    await until(() => isLive(second) && second.link.value.byOtherTab, 'the second tab');
    frozen.value = true;
    const devices = second.devices();
    await until(() => !second.link.value.byOtherTab && isLive(second), 'taken');
    expect((await devices).ok).toBe(true);
    frozen.value = false;
    const two = second.open(chat);
    await first.send(chat, 'awake again');
    await until(() => messages(two).some((each) => each.text === 'awake again' && each.seq > 0), 'sent by the other');
    await until(() => first.link.value.byOtherTab, 'relieved');
    first.end();
    second.end();
  });

  test('a revoked device forgets everything', async () => {
    const devices = await phone.devices();
    const id = devices.ok ? devices.value.find((each) => each.name === 'pc')!.id : '';
    expect((await phone.revokeDevice(id)).ok).toBe(true);
    await until(() => pc.phase.value.kind === 'revoked', 'thrown out');
    pc.toDoor();
    await until(() => pc.phase.value.kind === 'door', 'the door');
    expect(pc.chats.value).toEqual([]);
  });
});
