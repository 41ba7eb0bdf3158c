// The baton: what is open moves to another device of mine, at the same line, with the draft and the caret.
import { inBackground } from '../../store/background';
import { signal } from '@preact/signals';
import { fromHex } from '../../protocol/bytes';
import type { Id } from '../../sync/records';
import type { Baton, PassedBaton, Place } from '../client';
import type { Outcome } from '../failure';
import { done, type Asker } from '../session/asker';
import type { Hub, Passed } from '../session/hub';

const draftMs = 2_000; // it is saved before the baton: it is here, or its place is all that is known

export interface BatonOf {
  readonly hub: Hub;
  readonly asker: Asker;
  /** Saves what is in the composer; the revision that the daemon has then, 0 for none. */
  readonly saveDraft: (chat: Id) => Promise<number>;
  /** Resolves once the draft of that revision is here, or the time is over. */
  readonly draftIsHere: (chat: Id, rev: number, ms: number) => Promise<void>;
}

export class BatonHand implements Baton {
  readonly passed = signal<PassedBaton | undefined>(undefined);
  private place: (() => Place | undefined) | undefined;

  constructor(private readonly of: BatonOf) {
    of.hub.on('passed', ({ passed }) => inBackground(this.receive(passed)));
    of.hub.on('wanted', ({ by }) => {
      const place = this.place?.();
      if (place) void this.pass({ wantedBy: fromHex(by), deviceId: fromHex(by) }, place);
    });
  }
  setPlace(place: (() => Place | undefined) | undefined): void {
    this.place = place;
  }
  give(deviceId: Id, place: Place): Promise<Outcome> {
    return this.pass({ deviceId: fromHex(deviceId) }, place);
  }
  async takeOver(): Promise<Outcome> {
    const outcome = await this.of.asker.ask('batonAsk', {}, 'ok');
    return outcome.ok ? done : outcome;
  }
  private async pass(to: { deviceId: Uint8Array; wantedBy?: Uint8Array }, place: Place): Promise<Outcome> {
    const draftRev = await this.of.saveDraft(place.chat);
    const baton = {
      ...to,
      conversationId: fromHex(place.chat),
      anchorSeq: BigInt(place.anchorSeq),
      anchorOffset: Math.min(999, Math.max(0, Math.round(place.anchorOffset))),
      caret: place.caret,
      draftRev: BigInt(draftRev),
    };
    const outcome = await this.of.asker.ask('baton', baton, 'ok');
    return outcome.ok ? done : outcome;
  }
  /** False: another tab of this device opened it meanwhile. */
  private isSeen(batonId: Id): Promise<boolean> {
    const page = globalThis.document as Document | undefined;
    if (page?.visibilityState !== 'hidden') return Promise.resolve(true);
    return new Promise((resolve) => {
      const look = (): void => {
        if (page.visibilityState === 'hidden') return;
        end(true);
      };
      const stop = this.of.hub.on('opened', (message) => message.batonId === batonId && end(false));
      const end = (seen: boolean): void => {
        page.removeEventListener('visibilitychange', look);
        stop();
        resolve(seen);
      };
      page.addEventListener('visibilitychange', look);
    });
  }
  private async receive(passed: Passed): Promise<void> {
    const { batonId, fromDevice, chat, anchorSeq, anchorOffset, caret, draftRev } = passed;
    // One tab opens it: the one that is looked at, or the first that will be.
    if (!(await this.isSeen(batonId))) return;
    this.of.hub.tellOthers({ type: 'opened', batonId });
    if (draftRev > 0) await this.of.draftIsHere(chat, draftRev, draftMs);
    this.passed.value = {
      chat,
      anchorSeq,
      anchorOffset,
      caret,
      fromDevice,
      taken: () => {
        if (this.passed.peek()?.chat === chat) this.passed.value = undefined;
        void this.of.asker.ask('batonTake', { batonId: fromHex(batonId) }, 'ok');
      },
    };
  }
}
