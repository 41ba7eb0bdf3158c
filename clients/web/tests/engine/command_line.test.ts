// The web client and the command line are devices of one member: the same digits, codes, numbers and drafts.
import { spawn } from 'node:child_process';
import { join as path } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/app/engine';
import { bin, Daemon, isDaemonThere } from './daemon';
import { chatWith, messages, openDevice, texts, until } from './device';
import { friend, owner } from './people';

describe.skipIf(!isDaemonThere)('beside the command line', () => {
  const daemon = new Daemon();
  let web: Engine;
  let ben: Engine;
  let chat = '';
  beforeAll(async () => {
    await daemon.start();
    web = await owner(daemon, 'aki');
    ben = await friend(daemon, web, 'ben');
    chat = chatWith(web, 'ben')!;
  });
  afterAll(async () => {
    for (const each of [web, ben]) each?.end();
    await daemon.end();
  });

  test('a terminal is paired by the digits that it shows', async () => {
    const made = await web.offerPairing();
    if (!made.ok) throw new Error(made.failure.code);
    const state = made.value.state.value;
    const link = state.kind === 'offered' ? state.link : '';
    const child = spawn(path(bin, 'enishi'), ['--profile', path(daemon.folder, 'cli'), 'pair', link, '--device', 'terminal']);
    let shown = '';
    child.stdout.on('data', (data: Buffer) => (shown += data.toString()));
    child.stderr.on('data', (data: Buffer) => (shown += data.toString()));
    await until(() => /\b\d{6}\b/.test(shown) && made.value.state.value.kind === 'asked', 'the digits');
    const digits = /\b\d{6}\b/.exec(shown)![0];
    expect(await made.value.approve(digits)).toMatchObject({ ok: true });
    await until(() => child.exitCode !== null, 'paired');
    expect(child.exitCode).toBe(0);
  });

  test('unread is the same; read there is read here', async () => {
    const open = web.open(chat);
    for (const text of ['one', 'two @aki', 'three']) await ben.send(chat, text);
    const row = () => web.chats.value.find((each) => each.id === chat)!;
    await until(() => row().unread === 3, 'three here');
    type Row = { id: string; unread: number; mentions: number };
    const there = () => daemon.json<Row>('cli', 'list').find((each) => each.id === chat);
    expect(there()).toMatchObject({ unread: 3, mentions: 1 });
    daemon.cli('cli', 'mark', '@ben', String(messages(open)[1]!.seq));
    await until(() => row().unread === 1 && row().mentions === 0, 'one here');
    web.markRead(chat, row().head);
    await until(() => there()?.unread === 0, 'none there');
    daemon.cli('cli', 'send', '@ben', 'from the terminal');
    await until(() => texts(open).includes('from the terminal'), 'seen here');
    expect(messages(open).at(-1)).toMatchObject({ mine: true, deviceName: 'terminal' });
    open.close();
  });

  test('a draft goes both ways', async () => {
    const open = web.open(chat);
    open.draft.input('begun here', 10);
    await until(() => open.draft.view.value.saved, 'saved');
    expect(daemon.cli('cli', 'draft', '@ben')).toContain('begun here');
    daemon.cli('cli', 'draft', '@ben', 'begun here, gone on there');
    await until(() => open.draft.view.value.text === 'begun here, gone on there', 'here again');
    open.close();
  });

  test('a code made here opens a terminal', async () => {
    const made = await web.makeRecoveryCodes();
    const code = made.ok ? made.value[3]! : '';
    daemon.cli('again', 'recover', daemon.origin, code, '--device', 'again');
    expect(daemon.cli('again', 'list')).toContain('@ben');
  });

  test('two pages where the browser has no locks: each has its session', async () => {
    const second = openDevice({ origin: daemon.origin, database: web.databaseName });
    await until(() => second.phase.value.kind === 'in' && second.link.value.state.kind === 'live', 'live');
    expect(second.link.value.byOtherTab).toBe(false);
    const [one, two] = [web.open(chat), second.open(chat)];
    await second.send(chat, 'by the second page');
    await web.send(chat, 'by the first page');
    const both = ['by the second page', 'by the first page'];
    const seen = (of: typeof one) => texts(of).filter((each) => both.includes(each)).sort();
    // Pages that hear nothing of each other see it with the next frame of their own session.
    await until(() => seen(one).length === 2 && seen(two).length === 2, 'both on both');
    expect([seen(one), seen(two)]).toEqual([[...both].sort(), [...both].sort()]);
    second.end();
    one.close();
  });
});
