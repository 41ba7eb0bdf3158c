// Numbers of proto/enishi/v1/error.proto: the range alone says how to react.
import { ErrorCode } from './gen/enishi/v1/error_pb';

export { ErrorCode };

export type Reaction = 'refused' | 'later' | 'resume' | 'prove' | 'stop';

export function reactionTo(code: number): Reaction {
  if (code >= 500) return 'stop';
  if (code >= 400) return 'prove';
  if (code >= 300) return 'resume';
  return code >= 200 ? 'later' : 'refused';
}

/** A close code that is one of ours; 0 for others (a lost connection). */
export const codeOfClose = (close: number): number => (close >= 4100 && close < 4600 ? close - 4000 : 0);

/** 'not_found' of ErrorCode.NOT_FOUND; 'unknown' for a number newer than this client. */
export const nameOf = (code: number): string => (ErrorCode[code] ?? 'unknown').toLowerCase();
