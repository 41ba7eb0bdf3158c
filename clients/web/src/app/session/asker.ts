// Asking the daemon, from any tab: the leading one asks by its line, another by the leading one.
import { nameOf, reactionTo } from '../../protocol/codes';
import {
  decode,
  decodeRequest,
  encode,
  encodeAnswer,
  requestFrame,
  type AnswerCase,
  type AnswerOf,
  type RequestCase,
  type RequestInit,
  type ServerFrame,
} from '../../protocol/frames';
import type { Line } from '../../protocol/line';
import { fromHex } from '../../protocol/bytes';
import type { Id } from '../../sync/records';
import type { Failure, FailureCode, FailureKind, Outcome } from '../failure';
import type { Hub } from './hub';

export const done: Outcome = { ok: true, value: undefined };
export const good = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const failed = (code: FailureCode, kind: FailureKind = 'refused', detail = ''): { ok: false; failure: Failure } => ({
  ok: false,
  failure: { code, kind, retryAfterMs: 0, detail },
});

export function failureOf(code: number, detail: string, retryAfterMs = 0): Failure {
  const reaction = reactionTo(code);
  const kind: FailureKind = reaction === 'refused' ? 'refused' : reaction === 'stop' ? 'stop' : 'later';
  return { code: nameOf(code) as FailureCode, kind, retryAfterMs, detail };
}

const slowMs = 2_000; // then it is looked whether the leading tab is awake

export class Asker {
  private line: Line | undefined;
  private last = 0;
  private readonly waiting = new Map<number, { frame: Uint8Array; repeat: boolean; answer: (frame?: ServerFrame) => void }>();

  constructor(private readonly hub: Hub) {
    hub.on('asked', (message) => this.serve(message));
    hub.on('answered', (message) => {
      if (message.tab !== hub.tab) return;
      const waits = this.waiting.get(message.n);
      this.waiting.delete(message.n);
      waits?.answer(message.frame ? decode(message.frame) : undefined);
    });
    // A new leader: what the old one did not answer is asked again, or is lost.
    hub.on('live', (message) => {
      if (message.live.leader !== this.leader) this.moved(message.live.leader);
    });
  }
  private leader = '';

  /** Another tab took the lead. */
  follow(): void {
    this.line = undefined;
    this.leader = '?';
  }
  /** This tab leads now. */
  lead(line: Line): void {
    this.line = line;
    this.moved(this.hub.tab);
  }

  /** Without a connection: 'offline' at once. When it is lost under way: `repeat` (the default with a client id, which
   *  makes a repeat harmless) asks again until there is an answer; otherwise 'offline', too. */
  async ask<C extends RequestCase, A extends AnswerCase>(
    name: C,
    value: RequestInit<C>,
    answer: A,
    how: { clientId?: Id; repeat?: boolean } = {},
  ): Promise<Outcome<AnswerOf<A>>> {
    const whole = await this.askWhole(name, value, answer, how);
    return whole.ok ? good(whole.value.answer) : whole;
  }
  /** With the request_id that the answer has: later frames may name it. */
  async askWhole<C extends RequestCase, A extends AnswerCase>(
    name: C,
    value: RequestInit<C>,
    answer: A,
    how: { clientId?: Id; repeat?: boolean } = {},
  ): Promise<Outcome<{ answer: AnswerOf<A>; requestId: number }>> {
    const frame = requestFrame(name, value, how.clientId ? fromHex(how.clientId) : undefined);
    const answered = await this.send(encode(frame), how.repeat ?? how.clientId !== undefined);
    if (!answered) return failed('offline', 'later');
    const { body, requestId } = answered;
    if (body.case === answer) return good({ answer: body.value as AnswerOf<A>, requestId: Number(requestId) });
    if (body.case !== 'error') return failed('unknown');
    return { ok: false, failure: failureOf(body.value.code, body.value.text, body.value.retryAfterMs) };
  }
  private send(frame: Uint8Array, repeat: boolean): Promise<ServerFrame | undefined> {
    return new Promise((answer) => {
      if (this.line) return this.byLine(frame, repeat, answer);
      this.last += 1;
      this.waiting.set(this.last, { frame, repeat, answer });
      this.hub.tellOthers({ type: 'asked', tab: this.hub.tab, n: this.last, frame, repeat });
      const n = this.last;
      setTimeout(() => this.waiting.has(n) && this.hub.checkLeader(), slowMs);
    });
  }
  /** `waits`: it was asked while there was a connection, which another tab lost. */
  private byLine(frame: Uint8Array, repeat: boolean, answer: (frame?: ServerFrame) => void, waits = false): void {
    const line = this.line!;
    // What must not wait for a connection is told so at once.
    if (!line.isWelcome && !waits) return answer(undefined);
    line.request(decodeRequest(frame), (got) => answer(got.lost ? undefined : got.frame), repeat ? 'repeat' : 'fail');
  }
  private serve(message: { tab: string; n: number; frame: Uint8Array; repeat: boolean }): void {
    const name = `${message.tab} ${message.n}`;
    if (!this.line || message.tab === this.hub.tab || this.served.has(name)) return;
    this.served.add(name);
    this.byLine(message.frame, message.repeat, (frame) =>
      this.hub.tellOthers({ type: 'answered', tab: message.tab, n: message.n, frame: frame && encodeAnswer(frame) }),
    );
  }
  private readonly served = new Set<string>();
  private moved(leader: string): void {
    // The first one that is heard of: what was asked before may have been asked of nobody.
    const isFirst = this.leader === '';
    this.leader = leader;
    for (const [n, waits] of [...this.waiting]) {
      if (!waits.repeat && !isFirst) {
        this.waiting.delete(n);
        waits.answer(undefined);
      } else if (this.line) {
        this.waiting.delete(n);
        this.byLine(waits.frame, waits.repeat, waits.answer, waits.repeat);
      } else {
        this.hub.tellOthers({ type: 'asked', tab: this.hub.tab, n, frame: waits.frame, repeat: waits.repeat });
      }
    }
  }
}
