// The ways in for a device without an account: by invitation, by pairing, by a recovery code. The key is kept before it is
// told to anybody; every request may be repeated with it, over lost connections, until its end is known.
import { effect, signal } from '@preact/signals';
import { bytesOf, fromHex } from '../../protocol/bytes';
import { requestFrame, type RequestCase, type RequestInit, type ServerFrame } from '../../protocol/frames';
import type { Joined } from '../../protocol/gen/enishi/v1/member_pb';
import { Line, type LineOwner } from '../../protocol/line';
import { textOf } from '../../protocol/bytes';
import type { Database, Identity, JoinWish } from '../../store/database';
import { dropPending, finishIdentity, loadIdentity, pendingIdentity, wishing } from '../../store/identity';
import type { Door, PageLink, Pairing, Preview } from '../client';
import type { Outcome } from '../failure';
import { done, failed, failureOf } from '../session/asker';
import { linkIn } from './links';

export interface DoorOf {
  readonly origin: string;
  /** Undefined: the page cannot work here. */
  readonly database: () => Database | undefined;
  /** The device has an account now. */
  readonly joined: (identity: Identity) => void;
}

export class FrontDoor implements Door {
  readonly link = signal<PageLink>({ kind: 'none' });
  readonly preview = signal<Preview>({ kind: 'loading' });
  readonly pairing = signal<Pairing>({ kind: 'idle' });
  private line: Line | undefined;
  private waiting = 0;
  private stop: (() => void) | undefined;

  constructor(private readonly of: DoorOf) {}

  /** The phase is 'door': what an invitation says is asked for by itself. */
  enter(): void {
    this.stop ??= effect(() => {
      const link = this.link.value;
      if (link.kind === 'invitation') this.ask(link.secret);
    });
  }
  leave(): void {
    this.stop?.();
    this.stop = undefined;
    this.line?.stop();
    this.line = undefined;
    this.pairing.value = { kind: 'idle' };
  }

  open(text: string): Outcome {
    const link = linkIn(text, this.of.origin);
    if (link === 'foreign' || link.kind === 'none' || link.kind === 'broken') return failed('bad_link');
    this.link.value = link;
    return done;
  }
  async join(who: { handle: string; name: string; deviceName: string }): Promise<Outcome> {
    const link = this.link.peek();
    if (link.kind !== 'invitation') return failed('bad_link');
    const wish: JoinWish = {
      secret: link.secret,
      handle: who.handle.trim().toLowerCase(),
      name: who.name.trim(),
      deviceName: who.deviceName.trim(),
    };
    return this.journey((identity) => this.askJoin(identity, wish), true, wish);
  }
  private askJoin({ publicKey }: Identity, wish: JoinWish): Promise<ServerFrame | undefined> {
    const { handle, name, deviceName } = wish;
    const secret = fromHex(wish.secret);
    return this.once('join', {
      secret,
      handle: bytesOf(handle),
      name: bytesOf(name),
      deviceName: bytesOf(deviceName),
      key: publicKey,
    });
  }
  async recover(code: string, deviceName: string): Promise<Outcome> {
    const { normalCode } = await import('./secrets');
    const normal = normalCode(code);
    if (!normal) return failed('bad_code');
    const ask = (key: Uint8Array) => ({ code: bytesOf(normal), deviceName: bytesOf(deviceName.trim()), key });
    return this.journey((identity) => this.once('recover', ask(identity.publicKey)));
  }
  async pair(deviceName: string): Promise<Outcome> {
    const link = this.link.peek();
    if (link.kind !== 'pairing') return failed('bad_link');
    this.pairing.value = { kind: 'presenting' };
    const secret = fromHex(link.secret);
    const { pairingDigits } = await import('./secrets');
    const outcome = await this.journey((identity) => {
      const ask = { secret, name: bytesOf(deviceName.trim()), key: identity.publicKey };
      return this.once('pairPresent', ask, (frame) => {
        if (frame.body.case !== 'pairPresented') return false;
        const { offererKey, handle } = frame.body.value;
        this.pairing.value = { kind: 'waiting', handle, digits: pairingDigits(secret, offererKey, identity.publicKey) };
        return true;
      });
    }, true);
    if (!outcome.ok && this.pairing.peek().kind !== 'idle') this.pairing.value = { kind: 'failed', failure: outcome.failure };
    return outcome;
  }
  cancelPairing(): void {
    this.pairing.value = { kind: 'idle' };
    // The one who waits for it hears that it is lost.
    this.line?.stop();
    this.line = undefined;
  }

  /**
   * `settles`: there is something left to do in the end (ui: Settle): codes of a new member, installing. `wish`: the member
   * is new, too.
   */
  private async journey(
    ask: (identity: Identity) => Promise<ServerFrame | undefined>,
    settles = false,
    wish?: JoinWish,
  ): Promise<Outcome> {
    const database = this.of.database();
    if (!database) return failed('local_store');
    let pending: Identity;
    try {
      pending = await pendingIdentity(database, this.of.origin);
      if (wish) pending = await wishing(database, pending, wish);
    } catch {
      return failed('local_store');
    }
    const frame = await ask(pending);
    if (!frame) return failed('offline', 'later');
    if (frame.body.case === 'joined') return this.finish(database, pending, frame.body.value, settles);
    if (frame.body.case !== 'error') return failed('unknown');
    const failure = failureOf(frame.body.value.code, frame.body.value.text, frame.body.value.retryAfterMs);
    const inUse = failure.code === 'key_in_use';
    if (inUse && wish && (await this.joinedBefore(database, pending))) return done;
    // Nothing came of it; the next try is a new one. But a key that a join was told with may have made an account.
    if (inUse || (failure.kind === 'refused' && !pending.wishes?.length)) await dropPending(database);
    return { ok: false, failure };
  }
  /** True: a join of before made the account, and its answer was lost. */
  private async joinedBefore(database: Database, pending: Identity): Promise<boolean> {
    for (const wish of pending.wishes ?? []) {
      const frame = await this.askJoin(pending, wish);
      if (frame?.body.case !== 'joined') continue;
      await this.finish(database, pending, frame.body.value, true);
      return true;
    }
    return false;
  }
  /** The invitation is dead: perhaps by this very device, which then is in. */
  private async spentHere(secret: string): Promise<boolean> {
    const database = this.of.database();
    const pending = database && (await loadIdentity(database).catch(() => undefined));
    if (!database || !pending?.wishes?.some((each) => each.secret === secret)) return false;
    return this.joinedBefore(database, pending);
  }
  private async finish(database: Database, pending: Identity, joined: Joined, settles: boolean): Promise<Outcome> {
    const identity = await finishIdentity(database, pending, joined);
    if (settles) await database.put('meta', true, 'fresh');
    // Asked for at the moment that makes it plausible; a browser that says no keeps it as long as it likes.
    void globalThis.navigator?.storage?.persist?.().catch(() => false);
    this.link.value = { kind: 'none' };
    this.leave();
    this.of.joined(identity);
    return done;
  }
  private ask(secret: string): void {
    this.preview.value = { kind: 'loading' };
    void this.once('invitePreview', { secret: fromHex(secret) }).then(async (frame) => {
      if (frame?.body.case === 'error' && (await this.spentHere(secret))) return;
      const link = this.link.peek();
      if (!frame || link.kind !== 'invitation' || link.secret !== secret) return;
      if (frame.body.case === 'invitationPreview') {
        const { inviter, inviterName, note, expiresAtMs } = frame.body.value;
        this.preview.value = {
          kind: 'open',
          inviter,
          inviterName: textOf(inviterName),
          note: textOf(note),
          expiresAtMs: Number(expiresAtMs),
        };
      } else if (frame.body.case === 'error') {
        this.preview.value = { kind: 'dead', failure: failureOf(frame.body.value.code, frame.body.value.text) };
      }
    });
  }
  /** `more` says whether another answer follows. Undefined: it was given up. */
  private once<C extends RequestCase>(
    name: C,
    value: RequestInit<C>,
    more: (frame: ServerFrame) => boolean = () => false,
  ): Promise<ServerFrame | undefined> {
    this.waiting += 1;
    const answered = new Promise<ServerFrame | undefined>((resolve) => {
      this.line ??= this.dial();
      this.line.request(
        requestFrame(name, value),
        (answer) => {
          if (answer.lost) resolve(undefined);
          else if (!more(answer.frame)) resolve(answer.frame);
        },
        'repeat',
      );
    });
    return answered.finally(() => {
      this.waiting -= 1;
      // A stranger holds one of few places at the daemon: only while it asks.
      if (this.waiting > 0) return;
      this.line?.stop();
      this.line = undefined;
    });
  }
  private dial(): Line {
    const owner: LineOwner = {
      credentials: async () => undefined,
      welcomed: async () => undefined,
      heard: async () => undefined,
      ticketRefused: async () => undefined,
      changed: () => {
        const preview = this.preview.peek();
        if (line.state === 'offline' && (preview.kind === 'loading' || preview.kind === 'unreachable'))
          this.preview.value = { kind: 'unreachable', retryAtMs: line.retryAt };
      },
      stopped: (code, detail) => {
        if (this.preview.peek().kind !== 'open') this.preview.value = { kind: 'dead', failure: failureOf(code, detail) };
        this.line = undefined;
      },
    };
    const line = new Line(owner, { origin: this.of.origin });
    line.start();
    return line;
  }
}
