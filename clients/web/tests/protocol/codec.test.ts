// Our walk over the messages against the library's own: the same bytes, the same values, for every message there is.
import { create, fromBinary, toBinary, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { readFrame, writeFrame } from '../../src/protocol/codec';
import { ClientFrameSchema, ServerFrameSchema } from '../../src/protocol/gen/enishi/v1/frame_pb';
import { forEachSeed, type Random } from '../random';

type Plain = Record<string, unknown>;

function scalar(type: ScalarType, random: Random): unknown {
  switch (type) {
    case ScalarType.UINT64:
      return random.chance(0.3) ? 2n ** 64n - 1n : BigInt(random.below(2 ** 40));
    case ScalarType.INT64:
      return BigInt(random.below(2 ** 45)) * (random.chance(0.2) ? -1n : 1n);
    case ScalarType.UINT32:
      return random.below(2 ** 32);
    case ScalarType.BOOL:
      return random.chance(0.5);
    case ScalarType.STRING:
      return random.pick(['', 'aki', '縁🙂', 'a'.repeat(200)]);
    case ScalarType.BYTES:
      return Uint8Array.from({ length: random.below(40) }, () => random.below(256));
    default:
      throw new Error(`no values of ${type}`);
  }
}
function value(field: DescField, random: Random, depth: number): unknown {
  const kind = field.fieldKind === 'list' ? field.listKind : field.fieldKind;
  if (kind === 'message') return make(field.message!, random, depth + 1);
  if (kind === 'enum') return random.pick(field.enum!.values).number;
  return scalar(field.scalar!, random);
}
function make(message: DescMessage, random: Random, depth = 0): Plain {
  const made: Plain = {};
  for (const field of message.fields) {
    if (field.oneof || depth > 4 || random.chance(0.3)) continue;
    made[field.localName] =
      field.fieldKind === 'list'
        ? Array.from({ length: random.below(4) }, () => value(field, random, depth))
        : value(field, random, depth);
  }
  for (const oneof of message.oneofs) {
    const field = random.pick(oneof.fields);
    made[oneof.localName] = { case: field.localName, value: value(field, random, depth) };
  }
  return made;
}
/** Without the library's own marks. */
function bare(from: unknown): unknown {
  if (from instanceof Uint8Array) return [...from];
  if (Array.isArray(from)) return from.map(bare);
  if (typeof from !== 'object' || from === null) return from;
  return Object.fromEntries(
    Object.entries(from)
      .filter(([key, each]) => !key.startsWith('$') && each !== undefined)
      .map(([key, each]) => [key, bare(each)]),
  );
}

test.each([
  ['client', ClientFrameSchema],
  ['server', ServerFrameSchema],
] as const)('%s frames', (which, schema) => {
  forEachSeed(600, (random) => {
    const frame = make(schema, random);
    const theirs = toBinary(schema as typeof ServerFrameSchema, create(schema as typeof ServerFrameSchema, frame as never));
    expect([...writeFrame(which, frame)]).toEqual([...theirs]);
    expect(bare(readFrame(which, theirs))).toEqual(bare(fromBinary(schema as typeof ServerFrameSchema, theirs)));
  });
});

test('what is cut short, and what is not of this protocol', () => {
  forEachSeed(300, (random) => {
    const bytes = writeFrame('server', make(ServerFrameSchema, random));
    const cut = bytes.slice(0, random.below(bytes.length + 1));
    const noise = Uint8Array.from({ length: random.below(60) }, () => random.below(256));
    for (const each of [cut, noise])
      try {
        readFrame('server', each);
      } catch {
        // Refused is as good as read: no hanging, no other end.
      }
  });
});
