// Why something was not done, as a code that the ui has words for. Names are those of proto/enishi/v1/error.proto in
// lower case; the last group is the client's own.

export type FailureCode =
  // 100-199: it can never succeed as it stands.
  | 'not_found'
  | 'handle_taken'
  | 'bad_handle'
  | 'bad_name'
  | 'body_empty'
  | 'body_too_large'
  | 'not_utf8'
  | 'seq_beyond_log'
  | 'stale_rev'
  | 'client_id_reused'
  | 'not_tied'
  | 'not_owner'
  | 'already_member'
  | 'invitation_unknown'
  | 'invitation_spent'
  | 'invitation_expired'
  | 'invitation_revoked'
  | 'device_name_taken'
  | 'pairing_unknown'
  | 'pairing_refused'
  | 'recovery_unknown'
  | 'limit_reached'
  | 'bad_request'
  | 'unsupported'
  | 'wrong_state'
  | 'key_in_use'
  | 'blocked_by_you'
  | 'not_author'
  | 'message_deleted'
  | 'device_away'
  // 200-299: nothing was done, later it may work.
  | 'overloaded'
  | 'retry'
  | 'rate_limited'
  | 'store_full'
  // 300-399: the connection ended and comes back.
  | 'going_away'
  | 'too_slow'
  | 'silent'
  | 'too_many_sessions'
  // 400-499: the proof failed.
  | 'proof_failed'
  | 'ticket_refused'
  | 'too_late'
  // 500-599: only a person can help.
  | 'device_revoked'
  | 'protocol_violation'
  | 'frame_too_large'
  | 'wrong_origin'
  // The client's own.
  | 'offline' // no connection now, and this is not kept for later: try again when live
  | 'bad_link' // not a link of this service, or its secret is not whole
  | 'bad_code' // a recovery code that cannot be one: a character too few or none of its alphabet
  | 'bad_digits' // not the six digits that the new device shows
  | 'local_store' // the browser refuses to keep anything (private window, full disk): nothing was done
  | 'not_held' // the message is not on this device yet
  | 'unknown'; // a code newer than this client; react by `kind`

/** What a code means for the one who waits. */
export type FailureKind = 'refused' | 'later' | 'stop';

export interface Failure {
  readonly code: FailureCode;
  readonly kind: FailureKind;
  /** Milliseconds until it may be tried again; 0 where that makes no sense. */
  readonly retryAfterMs: number;
  /** One plain English sentence of the daemon, for a bug report; may be empty. Not for people. */
  readonly detail: string;
}

export type Outcome<T = undefined> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };
