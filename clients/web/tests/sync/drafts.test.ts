// Whatever devices type, lose, send and crash: no text that somebody typed and left is ever unrecoverable. The daemon is
// a model of server/core/decision/decide_draft.cc, without its limit of five.
import { expect, test } from 'vitest';
import * as rules from '../../src/sync/drafts';
import { forEachSeed, type Random } from '../random';

interface Draft extends rules.ServerDraft {
  sent: string;
}

class Server {
  draft: Draft = { rev: 0, text: '', caret: 0, replyTo: 0, device: '', at: 0, sent: '' };
  kept: string[] = [];
  log: string[] = [];

  put(put: rules.Put, device: string): { rev: number; won: boolean } {
    const { draft } = this;
    if (put.text === draft.text && (put.baseRev !== draft.rev || put.replyTo === draft.replyTo))
      return { rev: draft.rev, won: true };
    if (put.baseRev !== draft.rev) {
      if (!draft.text.startsWith(put.text) && !draft.sent.startsWith(put.text)) this.keep(put.text);
      return { rev: draft.rev, won: false };
    }
    if ((put.keepReplaced || draft.device !== device) && !put.text.startsWith(draft.text)) this.keep(draft.text);
    if (put.text !== '') this.kept = this.kept.filter((each) => !put.text.startsWith(each));
    const { text, caret, replyTo } = put;
    this.draft = { rev: draft.rev + 1, text, caret, replyTo, device, at: 0, sent: '' };
    return { rev: draft.rev + 1, won: true };
  }
  send(body: string, writtenOn: number, device: string): void {
    this.log.push(body);
    this.kept = this.kept.filter((each) => !body.startsWith(each));
    const { draft } = this;
    const isMeant = draft.rev === writtenOn || (draft.device === device && draft.rev + 1 === writtenOn);
    if (draft.text === '' || (!isMeant && !body.startsWith(draft.text))) return;
    this.draft = { ...draft, rev: draft.rev + 1, text: '', caret: 0, replyTo: 0, sent: body };
  }
  private keep(text: string): void {
    if (text === '' || this.kept.some((each) => each.startsWith(text))) return;
    this.kept = [...this.kept.filter((each) => !text.startsWith(each)), text];
  }
}

class Device {
  field = rules.emptyField;
  /** What is written on the device at every key. */
  local = rules.emptyField;
  waiting: rules.Put | undefined;
  outbox: { body: string; writtenOn: number }[] = [];
  /** What the field shows was typed here, not taken from another device. */
  own = false;
  constructor(readonly name: string) {}
}

class World {
  readonly server = new Server();
  readonly devices: Device[];
  private words = 0;
  /** Typed and left: to be found somewhere, as long as nobody threw it away. */
  left: string[] = [];

  constructor(count: number) {
    this.devices = Array.from({ length: count }, (_, i) => new Device(`d${i}`));
  }
  /** Everything that anybody can still get at. */
  findable(): string[] {
    const here = this.devices.flatMap((each) => [each.field.text, each.local.text, ...each.outbox.map((one) => one.body)]);
    return [...here, this.server.draft.text, ...this.server.kept, ...this.server.log];
  }
  check(): void {
    const all = this.findable();
    for (const text of this.left)
      if (!all.some((each) => each.startsWith(text))) throw new Error(`"${text}" is gone; there is ${JSON.stringify(all)}`);
  }
  /** The field shows something else now, and its person did not do that. */
  change(device: Device, next: rules.Field): void {
    const before = device.field;
    device.field = next;
    if (next.version !== before.version) {
      if (device.own && before.text !== '' && !next.text.startsWith(before.text)) this.left.push(before.text);
      device.own = false;
    }
    if (!rules.isChanged(next)) device.local = rules.emptyField;
    this.check();
  }
  type(device: Device, random: Random): void {
    const { field } = device;
    const how = random.below(4);
    this.words += 1;
    const word = `<${this.words}>`;
    const text = how === 0 ? word : how === 1 ? field.text.slice(0, random.below(field.text.length + 1)) : field.text + word;
    // Whoever types over a text has thrown it away.
    if (!text.startsWith(field.text)) {
      this.left = this.left.filter((each) => !field.text.startsWith(each));
      // Another device that shows the same draft shows what was thrown away.
      for (const each of this.devices) each.own &&= rules.isChanged(each.field) || !field.text.startsWith(each.field.text);
    }
    device.field = rules.typed(field, text, text.length);
    device.own ||= text !== field.text;
    device.local = device.field;
    this.check();
  }
  put(device: Device): void {
    if (device.field.beside && device.field.kept === device.field.text) return;
    if (device.outbox.length > 0) return;
    const put = rules.putOf(device.field);
    if (put) device.field = rules.putting(device.field, put);
    device.waiting = put ?? device.waiting;
  }
  /** `lost`: it arrives, or not, and its answer does not. */
  answer(device: Device, random: Random): void {
    const put = device.waiting;
    if (!put) return;
    device.waiting = undefined;
    const arrives = random.chance(0.9);
    const answer = arrives ? this.server.put(put, device.name) : undefined;
    if (answer && random.chance(0.8)) {
      // The register comes before the answer, or after it.
      if (random.chance(0.5)) this.hear(device);
      this.change(device, rules.putAnswered(device.field, answer.rev, answer.won));
    } else this.change(device, rules.putLost(device.field));
  }
  hear(device: Device): void {
    if (this.server.draft.rev > 0) this.change(device, rules.heard(device.field, this.server.draft));
  }
  send(device: Device): void {
    if (device.field.text === '') return;
    device.outbox.push({ body: device.field.text, writtenOn: rules.writtenOn(device.field) });
    device.field = rules.sent(device.field, device.field.text);
    device.own = false;
    device.local = rules.isChanged(device.field) ? device.field : rules.emptyField;
    this.check();
  }
  flush(device: Device): void {
    for (const { body, writtenOn } of device.outbox) this.server.send(body, writtenOn, device.name);
    device.outbox = [];
    this.check();
  }
  /** The page is gone; what was written on the device comes back. */
  crash(device: Device): void {
    const { text, caret, replyTo, baseRev, baseText, beside, version } = device.local;
    const changed = device.local !== rules.emptyField;
    device.waiting = undefined;
    device.own &&= changed;
    device.field = { ...rules.emptyField, version: device.field.version };
    if (changed) device.field = { ...device.field, text, caret, replyTo, baseRev, baseText, beside, version };
    this.hear(device);
    this.check();
  }
  /** Another text is put into the field on purpose; what was there is put aside first. */
  restore(device: Device, random: Random): void {
    if (this.server.kept.length === 0 || device.waiting || device.outbox.length > 0) return;
    const text = random.pick(this.server.kept);
    if (rules.isChanged(device.field)) this.server.put({ ...asidePut, text: device.field.text }, device.name);
    this.change(device, rules.filled(device.field, text, 0));
    device.local = device.field;
  }
  take(device: Device): void {
    if (!device.field.server || device.waiting || device.outbox.length > 0) return;
    if (rules.isChanged(device.field)) this.server.put({ ...asidePut, text: device.field.text }, device.name);
    this.change(device, rules.took(device.field));
  }
}
// -1 stands for "no present revision": 0 is one while there never was a draft.
const asidePut: rules.Put = { baseRev: -1, text: '', caret: 0, replyTo: 0, keepReplaced: false };

test('no typed text is ever unrecoverable', () => {
  forEachSeed(3_000, (random) => {
    const world = new World(random.between(1, 3));
    for (let step = 0; step < 40; step += 1) {
      const device = random.pick(world.devices);
      switch (random.below(10)) {
        case 0:
        case 1:
        case 2:
          world.type(device, random);
          break;
        case 3:
          world.put(device);
          break;
        case 4:
          world.answer(device, random);
          break;
        case 5:
          world.hear(device);
          break;
        case 6:
          world.change(device, rules.settled(device.field, { focused: random.chance(0.5), composing: random.chance(0.1) }));
          break;
        case 7:
          if (random.chance(0.4)) world.crash(device);
          else world.flush(device);
          break;
        case 8:
          if (random.chance(0.5)) world.send(device);
          break;
        default:
          if (random.chance(0.5)) world.restore(device, random);
          else world.take(device);
      }
    }
    settleAll(world);
  });
});

/** Everybody lets go, and everything arrives: all fields show the draft. */
function settleAll(world: World): void {
  for (let round = 0; round < 12; round += 1)
    for (const device of world.devices) {
      world.flush(device);
      world.hear(device);
      world.change(device, rules.settled(device.field, { focused: false, composing: false }));
      world.put(device);
      const put = device.waiting;
      device.waiting = undefined;
      if (put) {
        const answer = world.server.put(put, device.name);
        world.change(device, rules.putAnswered(device.field, answer.rev, answer.won));
      }
      world.hear(device);
      world.change(device, rules.settled(device.field, { focused: false, composing: false }));
    }
  for (const device of world.devices) expect(device.field.text).toBe(world.server.draft.text);
}

test('a focused, changed field is never replaced', () => {
  forEachSeed(500, (random) => {
    let field = rules.settled(rules.emptyField, { focused: true });
    field = rules.typed(field, `mine${random.below(10)}`, 1);
    const { text, version } = field;
    for (let rev = 1; rev < 6; rev += 1) {
      const put = rules.putOf(field);
      if (put && random.chance(0.5)) field = rules.putAnswered(rules.putting(field, put), rev, false);
      field = rules.heard(field, { rev, text: `theirs${rev}`, caret: 0, replyTo: 0, device: 'pc', at: 0 });
      expect([field.text, field.version]).toEqual([text, version]);
    }
    expect(rules.otherOf(field)?.text).toBe('theirs5');
  });
});

test('what was sent does not come back', () => {
  const server = { caret: 0, replyTo: 0, device: 'web', at: 0 };
  let field = rules.typed(rules.settled(rules.emptyField, { focused: true }), 'hello', 5);
  const put = rules.putOf(field)!;
  field = rules.putting(field, put);
  field = rules.sent(field, 'hello');
  field = rules.putAnswered(field, 1, true);
  field = rules.heard(field, { ...server, rev: 1, text: 'hello' });
  field = rules.heard(field, { ...server, rev: 2, text: '' });
  expect(field.text).toBe('');
});
