import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/app/engine';
import { Daemon, isDaemonThere } from './daemon';
import { chatWith, isLive, items, messages, openDevice, texts, until } from './device';
import { friend, owner } from './people';

describe.skipIf(!isDaemonThere)('people and groups', () => {
  const daemon = new Daemon();
  let aki: Engine;
  let ben: Engine;
  let cho: Engine;
  beforeAll(async () => {
    await daemon.start();
    aki = await owner(daemon, 'aki', 'web');
    ben = await friend(daemon, aki, 'ben');
    cho = await friend(daemon, aki, 'cho');
  });
  afterAll(async () => {
    for (const each of [aki, ben, cho]) each?.end();
    await daemon.end();
  });
  const tie = (device: Engine, handle: string) => device.ties.value.find((each) => each.handle === handle);

  test('a group: made, talked in, added to, titled, left', async () => {
    const made = await aki.newGroup('Tea', ['ben']);
    const group = made.ok ? made.value : '';
    await until(() => ben.chats.value.some((row) => row.id === group && row.title === 'Tea'), 'the group at ben');
    const [atAki, atBen] = [aki.open(group), ben.open(group)];
    await ben.send(group, 'hello @all');
    await until(() => texts(atAki).includes('hello @all'), 'heard');
    expect(aki.chats.value.find((row) => row.id === group)).toMatchObject({ unread: 1, mentions: 1, kind: 'group' });
    expect((await aki.addMember(group, 'cho')).ok).toBe(true);
    await until(() => cho.chats.value.some((row) => row.id === group), 'cho is in');
    const atCho = cho.open(group);
    await aki.setTitle(group, 'Tea and cake');
    await until(() => cho.chats.value.some((row) => row.title === 'Tea and cake'), 'the title');
    expect(texts(atCho)).toEqual([]);
    const members = await aki.members(group);
    expect(members.ok && members.value.map((each) => [each.handle, each.owner])).toEqual([
      ['aki', true],
      ['ben', false],
      ['cho', false],
    ]);
    const system = () => items(atBen).flatMap((each) => (each.kind === 'system' ? [each.what] : []));
    await until(() => system().length >= 3, 'the lines at ben');
    expect(system()).toEqual(['created', 'added', 'titled']);
    await aki.removeMember(group, 'cho');
    await until(() => !cho.chats.value.some((row) => row.id === group) && atCho.row.value === undefined, 'cho is out');
    await until(() => cho.notices.value.some(({ notice }) => notice.kind === 'chat_gone'), 'told');
    // Back again: a new interval; what lay between is not for him, and is no hole.
    await ben.send(group, 'between');
    await until(() => texts(atAki).includes('between'), 'sent');
    await aki.addMember(group, 'cho');
    await until(() => cho.chats.value.some((row) => row.id === group), 'cho is in again');
    await ben.send(group, 'after');
    await until(() => texts(atCho).includes('after'), 'heard again');
    expect(texts(atCho)).not.toContain('between');
    await until(() => !items(atCho).some((each) => each.kind === 'hole'), 'what was his before is here again, and no hole');
    expect((await ben.leaveGroup(group)).ok).toBe(true);
    await until(() => !ben.chats.value.some((row) => row.id === group), 'ben left');
    expect(ben.notices.value).toEqual([]);
    for (const each of [atAki, atBen, atCho]) each.close();
  });

  test('muted, pinned', async () => {
    const chat = chatWith(aki, 'cho')!;
    await aki.pinChat(chat, true);
    await aki.mute(chat, true);
    await until(() => aki.chats.value[0]?.id === chat && aki.chats.value[0].muted, 'pinned and muted');
    await until(() => aki.link.value.waiting === 0, 'told');
    await aki.pinChat(chat, false);
    await aki.mute(chat, false);
    await until(() => !aki.chats.value.find((row) => row.id === chat)!.pinned, 'unpinned');
  });

  test('ask, accept, end, block', async () => {
    expect(tie(ben, 'cho')).toBeUndefined();
    expect((await ben.ask('cho')).ok).toBe(true);
    await until(() => tie(cho, 'ben')?.tie === 'asked_in' && tie(ben, 'cho')?.tie === 'asked_out', 'asked');
    await cho.accept('ben');
    await until(() => tie(ben, 'cho')?.tie === 'mutual' && chatWith(ben, 'cho') !== undefined, 'tied');
    const chat = chatWith(ben, 'cho')!;
    await until(() => ben.presence.value.get('cho')?.state === 'active', 'cho is here');
    const atBen = ben.open(chat);
    await cho.block('ben');
    await until(() => ben.chats.value.find((row) => row.id === chat)?.cannotSend === 'ended', 'ended, to ben');
    await until(() => cho.chats.value.find((row) => row.id === chat)?.cannotSend === 'blocked', 'blocked, to cho');
    await ben.send(chat, 'anybody there?');
    await until(() => messages(atBen).at(-1)?.sent === 'rejected', 'refused');
    const refused = messages(atBen).at(-1)!;
    expect(refused.failure?.code).toBe('not_tied');
    const again = await ben.retry(refused.clientId);
    const second = () => messages(atBen).at(-1)!;
    await until(() => second().sent === 'rejected' && second().clientId !== refused.clientId, 'refused again');
    expect(again).toEqual({ ok: true, value: second().clientId });
    expect((await ben.discard(second().clientId)).ok).toBe(true);
    await until(() => messages(atBen).length === 0, 'taken back');
    await cho.unblock('ben');
    await until(() => tie(cho, 'ben')?.blocked !== true, 'unblocked');
    atBen.close();
  });

  test('a recovery code opens the door again', async () => {
    const made = await cho.makeRecoveryCodes();
    const code = made.ok ? made.value[0]! : '';
    expect(code).toMatch(/^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/);
    const again = openDevice({ origin: daemon.origin });
    await until(() => again.phase.value.kind === 'door', 'the door');
    expect(await again.door.recover('nonsense', 'tablet')).toMatchObject({ failure: { code: 'bad_code' } });
    expect((await again.door.recover(code.toLowerCase(), 'tablet')).ok).toBe(true);
    await until(() => isLive(again) && again.me.value?.handle === 'cho', 'cho is back');
    expect(again.recoveryAsked.value).toBe(true);
    await until(() => cho.notices.value.some(({ notice }) => notice.kind === 'device_recovered'), 'the others are told');
    await again.signOut();
    await until(() => again.phase.value.kind === 'door', 'signed out');
    const devices = await cho.devices();
    expect(devices.ok && devices.value.map((each) => each.name)).toEqual(['web']);
    again.end();
  });

  test('a dead link says why', async () => {
    const made = await aki.invite({ uses: 1, expiresInS: 60, note: '' });
    const invitation = made.ok ? made.value : undefined;
    await aki.revokeInvitation(invitation!.id);
    const late = openDevice({ origin: daemon.origin, hash: invitation!.link!.slice(daemon.origin.length + 1) });
    await until(() => late.door.preview.value.kind === 'dead', 'dead');
    expect(late.door.preview.value).toMatchObject({ failure: { code: 'invitation_revoked' } });
    late.end();
  });
});
