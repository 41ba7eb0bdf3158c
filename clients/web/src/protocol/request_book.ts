// Pairs answers with requests, over lost connections where a repeat is harmless.
import type { Request, ServerFrame } from './frames';

/** `repeat`: sent again on the next connection, and after a "later". `fail`: the asker is told. */
export type OnLoss = 'repeat' | 'fail';

export type Answer = { readonly lost: true } | { readonly lost: false; readonly frame: ServerFrame };

interface Entry {
  readonly frame: Request;
  readonly answered: (answer: Answer) => void;
  readonly onLoss: OnLoss;
  sent: boolean;
  notBefore: number;
  /** Pieces of an answer that is cut into several frames. */
  pieces?: ServerFrame;
}

// A daemon that says "later" without saying when is not asked more often than this.
const putOffAtLeastMs = 50;

export class RequestBook {
  private readonly entries = new Map<bigint, Entry>();
  private unanswered = 0;
  private last = 0n;

  nextId(): bigint {
    this.last += 1n;
    return this.last;
  }
  add(frame: Request, answered: (answer: Answer) => void, onLoss: OnLoss): bigint {
    const id = this.nextId();
    frame.requestId = id;
    this.entries.set(id, { frame, answered, onLoss, sent: false, notBefore: 0 });
    return id;
  }
  /** The asker waits no longer. */
  forget(id: bigint): void {
    const entry = this.entries.get(id);
    if (entry?.sent) this.unanswered -= 1;
    this.entries.delete(id);
  }
  /** What may be sent now; at most `window` unanswered. */
  take(now: number, window: number): Request[] {
    const frames: Request[] = [];
    for (const entry of this.entries.values()) {
      if (this.unanswered >= window) break;
      if (entry.sent || entry.notBefore > now) continue;
      entry.sent = true;
      this.unanswered += 1;
      frames.push(entry.frame);
    }
    return frames;
  }
  /** When take() has more to give by time alone; undefined: never. */
  wakeAt(): number | undefined {
    let soonest: number | undefined;
    for (const entry of this.entries.values())
      if (!entry.sent && entry.notBefore > 0 && (soonest === undefined || entry.notBefore < soonest))
        soonest = entry.notBefore;
    return soonest;
  }
  /** False: it answers nothing here. `keep`: another answer follows. */
  answer(frame: ServerFrame, now: number, keep = false): boolean {
    const entry = this.entries.get(frame.requestId);
    if (!entry?.sent) return false;
    if (isLater(frame) && entry.onLoss === 'repeat') {
      const wait = frame.body.case === 'error' ? frame.body.value.retryAfterMs : 0;
      entry.sent = false;
      entry.notBefore = now + Math.max(putOffAtLeastMs, wait);
      this.unanswered -= 1;
      return true;
    }
    const more = takeMore(frame);
    if (entry.pieces) join(entry.pieces, frame);
    else entry.pieces = frame;
    if (more) return true;
    const whole = entry.pieces;
    delete entry.pieces;
    if (!keep) this.forget(frame.requestId);
    entry.answered({ lost: false, frame: whole });
    return true;
  }
  onDisconnected(): void {
    this.unanswered = 0;
    for (const [id, entry] of [...this.entries]) {
      delete entry.pieces;
      if (entry.onLoss === 'repeat') {
        entry.sent = false;
        continue;
      }
      this.entries.delete(id);
      entry.answered({ lost: true });
    }
  }
  failAll(): void {
    const all = [...this.entries.values()];
    this.entries.clear();
    this.unanswered = 0;
    for (const entry of all) entry.answered({ lost: true });
  }
}

const isLater = (frame: ServerFrame): boolean =>
  frame.body.case === 'error' && frame.body.value.code >= 200 && frame.body.value.code < 300;

/** More of this answer follows in another frame. Takes the word back, so that the joined answer does not say so. */
function takeMore(frame: ServerFrame): boolean {
  const body = frame.body.value;
  if (!body || !('more' in body) || !body.more) return false;
  body.more = false;
  return true;
}

/** Each of these answers is a list. */
function join(into: ServerFrame, frame: ServerFrame): void {
  const [to, from] = [into.body, frame.body];
  if (to.case === 'heads' && from.case === 'heads') to.value.heads.push(...from.value.heads);
  else if (to.case === 'invitations' && from.case === 'invitations')
    to.value.invitations.push(...from.value.invitations);
  else if (to.case === 'devices' && from.case === 'devices') to.value.devices.push(...from.value.devices);
  else if (to.case === 'presences' && from.case === 'presences') to.value.presences.push(...from.value.presences);
  else if (to.case === 'receipts' && from.case === 'receipts') to.value.receipts.push(...from.value.receipts);
  else if (to.case === 'memberViews' && from.case === 'memberViews') to.value.members.push(...from.value.members);
  else into.body = from;
}
