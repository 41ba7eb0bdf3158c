// Frames by name: a request is its case and its fields, an answer its case and its value.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { readFrame, writeFrame } from './codec';
import type { ClientFrame, ClientFrameSchema, ServerFrame } from './gen/enishi/v1/frame_pb';

export type { ClientFrame, ServerFrame };
type FrameInit = MessageInitShape<typeof ClientFrameSchema>;
type Body = NonNullable<FrameInit['body']>;
export type RequestCase = Exclude<Body['case'], undefined>;
export type RequestInit<C extends RequestCase> = Extract<Body, { case: C }>['value'];

export type AnswerCase = Exclude<ServerFrame['body']['case'], undefined>;
export type AnswerOf<C extends AnswerCase> = Extract<ServerFrame['body'], { case: C }>['value'];

/** A request to be numbered (RequestBook). */
export interface Request {
  requestId: bigint;
  readonly clientId?: Uint8Array;
  readonly body: Body;
}

export const requestFrame = <C extends RequestCase>(name: C, value: RequestInit<C>, clientId?: Uint8Array): Request => ({
  requestId: 0n,
  ...(clientId ? { clientId } : {}),
  body: { case: name, value } as Body,
});

export const encode = (frame: Request): Uint8Array<ArrayBuffer> => writeFrame('client', frame);
/** Throws for bytes that are no frame. */
export const decode = (bytes: Uint8Array): ServerFrame => readFrame('server', bytes) as ServerFrame;
export const decodeRequest = (bytes: Uint8Array): Request => readFrame('client', bytes) as ClientFrame as Request;
export const encodeAnswer = (frame: ServerFrame): Uint8Array<ArrayBuffer> => writeFrame('server', frame);
