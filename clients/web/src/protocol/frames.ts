// Frames to and from bytes. The rest of the client names a request by its case and fields: `ask('read', { ... })`.
import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { ClientFrameSchema, ServerFrameSchema, type ClientFrame, type ServerFrame } from './gen/enishi/v1/frame_pb';

export type { ClientFrame, ServerFrame };
export type FrameInit = MessageInitShape<typeof ClientFrameSchema>;
type Body = NonNullable<FrameInit['body']>;
export type RequestCase = Exclude<Body['case'], undefined>;
export type RequestInit<C extends RequestCase> = Extract<Body, { case: C }>['value'];

export type AnswerCase = Exclude<ServerFrame['body']['case'], undefined>;
export type AnswerOf<C extends AnswerCase> = Extract<ServerFrame['body'], { case: C }>['value'];

export function requestFrame<C extends RequestCase>(
  name: C,
  value: RequestInit<C>,
  clientId?: Uint8Array,
): ClientFrame {
  return create(ClientFrameSchema, {
    body: { case: name, value } as Body,
    ...(clientId ? { clientId } : {}),
  } as FrameInit);
}

export const encode = (frame: ClientFrame): Uint8Array<ArrayBuffer> =>
  toBinary(ClientFrameSchema, frame) as Uint8Array<ArrayBuffer>;
/** Throws for bytes that are no frame. */
export const decode = (bytes: Uint8Array): ServerFrame => fromBinary(ServerFrameSchema, bytes);
export const decodeRequest = (bytes: Uint8Array): ClientFrame => fromBinary(ClientFrameSchema, bytes);
export const encodeAnswer = (frame: ServerFrame): Uint8Array<ArrayBuffer> =>
  toBinary(ServerFrameSchema, frame) as Uint8Array<ArrayBuffer>;
