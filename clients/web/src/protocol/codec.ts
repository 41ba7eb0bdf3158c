// Frames to and from bytes: the walk over the messages, by tables made from the descriptors. The encoding itself is the
// library's (BinaryReader, BinaryWriter); the shapes are those of its generated types. Unknown fields are passed over.
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { clientFrame, serverFrame, tables } from './gen/tables';

/** u: uint64, i: int64, n: uint32 or enum, b: bool, s: string, y: bytes; a number: that message. */
type Type = 'u' | 'i' | 'n' | 'b' | 's' | 'y' | number;

interface Field {
  readonly number: number;
  readonly type: Type;
  readonly name: string;
  readonly isList: boolean;
  /** Empty: in none. */
  readonly oneof: string;
}

type Plain = Record<string, unknown>;

const messages: (readonly Field[])[] = [];

function fieldsOf(message: number): readonly Field[] {
  if (messages.length === 0)
    for (const line of tables.split('\n')) messages.push(line === '' ? [] : line.split(',').map(fieldOf));
  return messages[message]!;
}
function fieldOf(text: string): Field {
  const [number, type, name] = text.split(' ') as [string, string, string];
  const [own, oneof = ''] = name.split('@') as [string, string?];
  return {
    number: Number.parseInt(number, 10),
    type: /^\d/.test(type) ? Number(type) : (type as Type),
    name: own,
    isList: number.endsWith('*'),
    oneof,
  };
}

// ---- reading ------------------------------------------------------------------------------------------------------------

function absent(type: Type): unknown {
  switch (type) {
    case 'u':
    case 'i':
      return 0n;
    case 'n':
      return 0;
    case 'b':
      return false;
    case 's':
      return '';
    case 'y':
      return new Uint8Array();
    default:
      return undefined;
  }
}
function empty(fields: readonly Field[]): Plain {
  const message: Plain = {};
  for (const field of fields) {
    if (field.oneof) message[field.oneof] = { case: undefined };
    else if (field.isList) message[field.name] = [];
    else if (typeof field.type === 'string') message[field.name] = absent(field.type);
  }
  return message;
}
function readMessage(reader: BinaryReader, index: number, length: number): Plain {
  const fields = fieldsOf(index);
  const message = empty(fields);
  const end = reader.pos + length;
  while (reader.pos < end) {
    const [number, wire] = reader.tag();
    const field = fields.find((each) => each.number === number);
    if (!field) reader.skip(wire, number);
    else if (field.isList && wire === WireType.LengthDelimited && typeof field.type === 'string' && !'sy'.includes(field.type))
      readPacked(reader, field, message[field.name] as unknown[]);
    else put(message, field, readValue(reader, field.type));
  }
  if (reader.pos !== end) throw new RangeError('a message ends inside of a field');
  return message;
}
function put(message: Plain, field: Field, value: unknown): void {
  if (field.isList) (message[field.name] as unknown[]).push(value);
  else if (field.oneof) message[field.oneof] = { case: field.name, value };
  else message[field.name] = value;
}
function readPacked(reader: BinaryReader, field: Field, list: unknown[]): void {
  const end = reader.uint32() + reader.pos;
  while (reader.pos < end) list.push(readValue(reader, field.type));
}
function readValue(reader: BinaryReader, type: Type): unknown {
  switch (type) {
    case 'u':
      return BigInt(reader.uint64());
    case 'i':
      return BigInt(reader.int64());
    case 'n':
      return reader.uint32();
    case 'b':
      return reader.bool();
    case 's':
      return reader.string();
    case 'y':
      return reader.bytes();
    default:
      return readMessage(reader, type, reader.uint32());
  }
}

// ---- writing ------------------------------------------------------------------------------------------------------------

function writeMessage(writer: BinaryWriter, index: number, message: Plain): BinaryWriter {
  for (const field of fieldsOf(index)) {
    if (field.oneof) {
      const chosen = message[field.oneof] as { case?: string; value?: unknown } | undefined;
      if (chosen?.case === field.name) writeField(writer, field, chosen.value);
      continue;
    }
    const value = message[field.name];
    if (field.isList) for (const each of (value as unknown[] | undefined) ?? []) writeField(writer, field, each);
    else if (isSaid(value)) writeField(writer, field, value);
  }
  return writer;
}
/** What is as if it were not there is not sent (proto3). */
function isSaid(value: unknown): boolean {
  if (value instanceof Uint8Array) return value.length > 0;
  return value !== undefined && value !== 0 && value !== 0n && value !== '' && value !== false;
}
function writeField(writer: BinaryWriter, field: Field, value: unknown): void {
  const { number, type } = field;
  const isVarint = type === 'u' || type === 'i' || type === 'n' || type === 'b';
  writer.tag(number, isVarint ? WireType.Varint : WireType.LengthDelimited);
  switch (type) {
    case 'u':
      writer.uint64(value as bigint);
      return;
    case 'i':
      writer.int64(value as bigint);
      return;
    case 'n':
      writer.uint32(value as number);
      return;
    case 'b':
      writer.bool(value as boolean);
      return;
    case 's':
      writer.string(value as string);
      return;
    case 'y':
      writer.bytes(value as Uint8Array);
      return;
    default:
      writeMessage(writer.fork(), type, value as Plain).join();
  }
}

// ---- frames -------------------------------------------------------------------------------------------------------------

export const writeFrame = (which: 'client' | 'server', frame: object): Uint8Array<ArrayBuffer> =>
  writeMessage(new BinaryWriter(), which === 'client' ? clientFrame : serverFrame, frame as Plain).finish() as Uint8Array<ArrayBuffer>;

/** Throws for bytes that are no frame. */
export const readFrame = (which: 'client' | 'server', bytes: Uint8Array): object =>
  readMessage(new BinaryReader(bytes), which === 'client' ? clientFrame : serverFrame, bytes.length);
