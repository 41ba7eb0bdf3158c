// One connection of this device, again and again: dialling, proof, heartbeat, requests. Never two sockets: the old one is
// let go before the next is dialled. Frames are handled one after the other, each awaited, so that what is answered after
// a batch is looked at after the batch was stored.
import { Backoff } from './backoff';
import { codeOfClose, ErrorCode, reactionTo } from './codes';
import { decode, encode, requestFrame, type Request, type ServerFrame } from './frames';
import type { Welcome } from './gen/enishi/v1/session_pb';
import type { PresenceState } from './gen/enishi/v1/presence_pb';
import { proofText } from './proof';
import { randomBytes } from './bytes';
import { RequestBook, type Answer, type OnLoss } from './request_book';

const handshakeMs = 10_000; // the daemon gives up after the same (TOO_LATE)
const drainingMs = 5_000;
const probePatienceMs = 3_000;
const heartbeatMs = 25_000; // until the first ServerPing says otherwise
const proofsMax = 2;
const strangerWindow = 8;

export type LineState = 'offline' | 'connecting' | 'proving' | 'welcome' | 'draining' | 'stopped';

/** What Hello and Prove need, asked for at each connection. */
export interface Credentials {
  readonly deviceId: Uint8Array<ArrayBuffer>;
  readonly cursor: Uint8Array;
  readonly ticket: Uint8Array;
  readonly mode: PresenceState;
  sign(text: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

export interface LineOwner {
  /** Undefined: a stranger, who asks without a Hello. */
  credentials(): Promise<Credentials | undefined>;
  welcomed(welcome: Welcome): Promise<void>;
  /** All but challenge, proof, heartbeat; answers are seen here before their asker sees them. */
  heard(frame: ServerFrame): Promise<void>;
  ticketRefused(): Promise<void>;
  /** State, checking or retryAt changed. */
  changed(): void;
  stopped(code: number, detail: string): void;
  /** What came could not be taken (a full disk); it is asked for again. */
  untaken?(error: unknown): void;
}

export interface LineSettings {
  /** Scheme, host and port, as the proof names it. */
  readonly origin: string;
  readonly random?: () => number;
}

export class Line {
  state: LineState = 'offline';
  checking = false;
  /** Wall clock; 0 while dialling or connected. */
  retryAt = 0;
  requestsMax = 64;
  private readonly book = new RequestBook();
  private readonly backoff: Backoff;
  private socket: WebSocket | undefined;
  /** Sockets that were let go: what they said and nobody looked at yet is not looked at. */
  private readonly dropped = new WeakSet<WebSocket>();
  private credentials: Credentials | undefined;
  private nonce: Uint8Array | undefined;
  private queue: Promise<void> = Promise.resolve();
  private nextWithin = 0;
  private failure = { code: 0, detail: '' };
  private proofsFailed = 0;
  private paused = true;
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly owner: LineOwner,
    private readonly settings: LineSettings,
  ) {
    this.backoff = new Backoff(settings.random);
  }

  // ---- from outside -----------------------------------------------------------------------------------------------------

  start(): void {
    if (this.state === 'stopped' || !this.paused) return;
    this.paused = false;
    this.dial();
  }
  /** Ends for good; requests that wait are lost. */
  stop(): void {
    this.enter('stopped');
    this.letGo(1000);
    this.clearTimers();
    this.book.failAll();
  }
  /** The network came back, or a person wants it. */
  connectNow(): void {
    if (this.paused || this.state !== 'offline') return;
    this.dial();
  }
  /** Is anybody there? An answer within three seconds, or dial anew. `quiet`: is not shown as checking at first. */
  probe(quiet = false): void {
    if (!this.isWelcome || this.timers.has('probe')) return;
    this.send(this.numbered(requestFrame('probe', {})));
    this.after('probe', probePatienceMs, () => this.reconnect(true));
    this.after('doubt', quiet ? 400 : 0, () => this.doubt(true));
  }
  request(frame: Request, answered: (answer: Answer) => void, onLoss: OnLoss): bigint {
    if (this.state === 'stopped') {
      answered({ lost: true });
      return 0n;
    }
    const id = this.book.add(frame, answered, onLoss);
    this.flush();
    return id;
  }
  forget(id: bigint): void {
    this.book.forget(id);
  }
  /** What was read of the daemon cannot be trusted, or its answer never comes: dial anew. */
  reconnect(atOnce = false): void {
    if (!this.socket) return;
    this.letGo(1000);
    this.closed(0, atOnce);
  }
  get isWelcome(): boolean {
    return this.socket !== undefined && (this.state === 'welcome' || this.state === 'draining');
  }
  now(): number {
    return performance.now();
  }

  // ---- the socket -------------------------------------------------------------------------------------------------------

  private dial(): void {
    this.letGo(1000);
    this.clearTimers();
    this.retryAt = 0;
    this.failure = { code: 0, detail: '' };
    this.nonce = undefined;
    this.nextWithin = 0;
    const socket = new WebSocket(`${this.settings.origin.replace(/^http/, 'ws')}/v1/connect`, 'enishi.v1');
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = (message) => this.received(socket, message.data);
    const ended = (code: number): void => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      // What came before the end is handled before the end.
      this.then(() => this.closed(code, false));
    };
    socket.onclose = (close) => ended(close.code);
    // An error is followed by a close at once; where it is not (Node), it is the end all the same.
    socket.onerror = () => setTimeout(() => ended(1006));
    this.enter('connecting');
    this.after('handshake', handshakeMs, () => this.reconnect());
  }
  private letGo(code: number): void {
    const socket = this.socket;
    this.socket = undefined;
    if (!socket) return;
    this.dropped.add(socket);
    socket.onmessage = null;
    socket.onclose = null;
    socket.onerror = null;
    socket.close(code);
  }
  private received(socket: WebSocket, data: unknown): void {
    if (this.socket !== socket) return;
    this.cancel('probe');
    this.cancel('doubt');
    this.doubt(false);
    if (this.nextWithin > 0) this.expectWithin(this.nextWithin);
    let frame: ServerFrame;
    try {
      frame = decode(new Uint8Array(data as ArrayBuffer));
    } catch {
      this.failure = { code: ErrorCode.PROTOCOL_VIOLATION, detail: 'a frame could not be read' };
      this.reconnect();
      return;
    }
    this.then(async () => {
      if (!this.dropped.has(socket)) await this.hear(frame);
    });
  }
  private then(step: () => void | Promise<void>): void {
    this.queue = this.queue.then(step).catch((error: unknown) => {
      if (this.state === 'stopped') return;
      // The owner could not store what came (a full disk): it comes again after the next Hello.
      console.error('enishi: a frame was not taken', error);
      this.owner.untaken?.(error);
      this.reconnect();
    });
  }
  private closed(close: number, atOnce: boolean): void {
    this.socket = undefined;
    this.clearTimers();
    this.checking = false;
    this.book.onDisconnected();
    if (this.state === 'stopped') return;
    const code = codeOfClose(close) || this.failure.code;
    const reaction = reactionTo(code);
    if (reaction === 'stop') return this.giveUp(code, this.failure.detail);
    if (reaction === 'prove') {
      if (code === ErrorCode.PROOF_FAILED && ++this.proofsFailed >= proofsMax)
        return this.giveUp(code, this.failure.detail);
      this.then(() => this.owner.ticketRefused());
    }
    const wait = this.backoff.onClosed(this.now());
    this.retryAt = Date.now() + (atOnce ? 0 : wait);
    this.enter('offline');
    this.after('retry', atOnce ? 0 : wait, () => this.dial());
  }
  private giveUp(code: number, detail: string): void {
    this.enter('stopped');
    this.letGo(1000);
    this.clearTimers();
    this.book.failAll();
    this.owner.stopped(code, detail);
  }

  // ---- frames -----------------------------------------------------------------------------------------------------------

  private async hear(frame: ServerFrame): Promise<void> {
    const { body } = frame;
    switch (body.case) {
      case 'challenge':
        return this.challenged(body.value.nonce);
      case 'proofWanted':
        return this.prove();
      case 'welcome':
        return this.welcomed(body.value);
      case 'goAway':
        this.backoff.onGoAway(body.value.retryAfterMs);
        this.enter('draining');
        this.after('handshake', drainingMs, () => this.reconnect());
        return;
      case 'serverPing':
        this.nextWithin = body.value.nextWithinMs;
        return this.expectWithin(this.nextWithin);
    }
    await this.owner.heard(frame);
    if (this.book.answer(frame, this.now(), body.case === 'pairPresented')) return this.flush();
    // An error that answers no request of the book ends the session: of Hello, of Prove, or the daemon's farewell.
    if (body.case !== 'error' || (this.isWelcome && frame.requestId !== 0n)) return;
    this.failure = { code: body.value.code, detail: body.value.text };
    this.reconnect();
  }
  private async challenged(nonce: Uint8Array): Promise<void> {
    if (this.state !== 'connecting') return;
    this.nonce = nonce;
    this.credentials = await this.owner.credentials();
    if (!this.socket) return;
    this.enter('proving');
    const known = this.credentials;
    if (!known) {
      this.cancel('handshake');
      this.backoff.onProven(this.now());
      return this.flush();
    }
    const { deviceId, cursor, mode, ticket } = known;
    this.send(this.numbered(requestFrame('hello', { deviceId, cursor, mode, ticket })));
  }
  private async prove(): Promise<void> {
    const known = this.credentials;
    if (this.state !== 'proving' || !known || !this.nonce) return;
    const clientNonce = randomBytes(32);
    const { origin } = this.settings;
    const signature = await known.sign(proofText(origin, known.deviceId, this.nonce, clientNonce));
    this.send(this.numbered(requestFrame('prove', { origin: new TextEncoder().encode(origin), clientNonce, signature })));
  }
  private async welcomed(welcome: Welcome): Promise<void> {
    if (this.state !== 'proving') return;
    this.cancel('handshake');
    this.proofsFailed = 0;
    this.backoff.onProven(this.now());
    this.nextWithin = heartbeatMs;
    this.expectWithin(heartbeatMs);
    if (welcome.limits?.requestsInFlightMax) this.requestsMax = welcome.limits.requestsInFlightMax;
    await this.owner.welcomed(welcome);
    if (!this.socket) return;
    this.enter('welcome');
    this.flush();
  }

  // ---- time and sending -------------------------------------------------------------------------------------------------

  private expectWithin(ms: number): void {
    if (ms > 0) this.after('silence', ms * 1.5, () => this.probe());
  }
  private doubt(on: boolean): void {
    if (this.checking === on) return;
    this.checking = on;
    this.owner.changed();
  }
  private flush(): void {
    const stranger = this.state === 'proving' && this.credentials === undefined;
    if (!this.socket || (this.state !== 'welcome' && !stranger)) return;
    for (const frame of this.book.take(this.now(), stranger ? strangerWindow : this.requestsMax)) this.send(frame);
    const at = this.book.wakeAt();
    if (at !== undefined) this.after('book', Math.max(0, at - this.now()), () => this.flush());
  }
  private numbered(frame: Request): Request {
    frame.requestId = this.book.nextId();
    return frame;
  }
  private send(frame: Request): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encode(frame));
  }
  private enter(state: LineState): void {
    if (this.state === 'stopped' || this.state === state) return;
    this.state = state;
    this.owner.changed();
  }
  private after(name: string, ms: number, what: () => void): void {
    this.cancel(name);
    this.timers.set(
      name,
      setTimeout(() => {
        this.timers.delete(name);
        what();
      }, ms),
    );
  }
  private cancel(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
  private clearTimers(): void {
    for (const name of [...this.timers.keys()]) this.cancel(name);
  }
}
