// Pairing at the existing device: it shows a link, sees who comes, and lets in who shows the right six digits.
import { signal } from '@preact/signals';
import { randomBytes, toHex } from '../../protocol/bytes';
import type { Identity } from '../../store/database';
import type { Offer, PairingOffer } from '../client';
import type { Outcome } from '../failure';
import { done, failed, good, type Asker } from '../session/asker';
import type { Hub } from '../session/hub';
import { newClientId } from './acts';
import { pairingLink } from './links';
import { pairingDigits } from './secrets';

const lastsMs = 10 * 60_000; // PairOffer

export async function offerPairing(hub: Hub, asker: Asker, identity: Identity): Promise<Outcome<PairingOffer>> {
  const secret = randomBytes(16);
  const outcome = await asker.askWhole('pairOffer', { secret }, 'ok');
  if (!outcome.ok) return outcome;
  return good(new OpenOffer(hub, asker, identity, secret, outcome.value.requestId));
}

class OpenOffer implements PairingOffer {
  readonly state = signal<Offer>({ kind: 'failed', failure: failed('pairing_unknown').failure });
  private newcomer: Uint8Array | undefined;
  private readonly stops: (() => void)[] = [];
  private readonly timer: ReturnType<typeof setTimeout>;

  constructor(
    hub: Hub,
    private readonly asker: Asker,
    private readonly identity: Identity,
    private readonly secret: Uint8Array<ArrayBuffer>,
    requestId: number,
  ) {
    this.state.value = { kind: 'offered', link: pairingLink(identity.origin, toHex(secret)), untilMs: Date.now() + lastsMs };
    this.stops.push(
      hub.on('pair_asked', ({ offer, name, key }) => {
        if (offer !== requestId || this.state.peek().kind !== 'offered') return;
        this.newcomer = key;
        this.state.value = { kind: 'asked', deviceName: name, atMs: Date.now() };
      }),
      // An offer lives in the session that made it.
      hub.on('live', ({ live }) => {
        if (live.state.kind === 'offline' || live.state.kind === 'stopped') this.fail('offline');
      }),
    );
    this.timer = setTimeout(() => this.fail('pairing_unknown'), lastsMs);
  }
  async approve(digits: string): Promise<Outcome> {
    const state = this.state.peek();
    if (state.kind !== 'asked' || !this.newcomer) return failed('pairing_unknown');
    const wanted = pairingDigits(this.secret, this.identity.publicKey, this.newcomer);
    if (digits.replace(/\s/g, '') !== wanted) return failed('bad_digits');
    const outcome = await this.decide(true);
    if (outcome.ok) this.end({ kind: 'done', deviceName: state.deviceName });
    return outcome;
  }
  async refuse(): Promise<Outcome> {
    const outcome = this.newcomer ? await this.decide(false) : done;
    this.fail('pairing_refused');
    return outcome;
  }
  cancel(): void {
    if (this.newcomer && this.state.peek().kind === 'asked') void this.decide(false);
    this.fail('pairing_unknown');
  }
  private async decide(approve: boolean): Promise<Outcome> {
    const decision = { secret: this.secret, key: this.newcomer!, approve };
    const outcome = await this.asker.ask('pairDecide', decision, 'ok', { clientId: newClientId() });
    return outcome.ok ? done : outcome;
  }
  private fail(code: 'offline' | 'pairing_unknown' | 'pairing_refused'): void {
    this.end({ kind: 'failed', failure: failed(code).failure });
  }
  private end(state: Offer): void {
    const now = this.state.peek().kind;
    if (now === 'done' || now === 'failed') return;
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
    this.state.value = state;
  }
}
