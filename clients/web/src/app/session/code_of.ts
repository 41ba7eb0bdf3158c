import { ErrorCode } from '../../protocol/codes';
import type { FailureCode } from '../failure';

/** The number of a code of the daemon; 0 for one of the client's own. */
export const codeOf = (code: FailureCode): number =>
  (ErrorCode as unknown as Record<string, number | undefined>)[code.toUpperCase()] ?? 0;
