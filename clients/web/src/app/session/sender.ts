// What is mine goes out: changes in their order, one in flight for each conversation, and settings of which the last one
// stands. Everything of it is kept until the daemon has it.
import { inBackground } from '../../store/background';
import { fromHex, bytesOf } from '../../protocol/bytes';
import type { ServerFrame } from '../../protocol/frames';
import type { Mine } from '../../store/mine';
import { mentionsIn } from '../../sync/mentions';
import { nextToSend } from '../../sync/outbox';
import type { Id, Intent, OutboxRecord } from '../../sync/records';
import { RegisterKind } from '../../protocol/gen/enishi/v1/conversation_pb';
import type { Outcome, Failure } from '../failure';
import type { Asker } from './asker';
import { codeOf } from './code_of';

// "Later" without a time: full jitter below a bound that doubles, as when dialling.
const laterBaseMs = 250;
const laterCapMs = 30_000;

export class Sender {
  private readonly inFlight = new Set<Id>();
  private readonly intentsInFlight = new Set<string>();
  private flushing = false;
  private again = false;
  private laters = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly asker: Asker,
    private readonly mine: Mine,
    private readonly isWelcome: () => boolean,
    private readonly changed: () => void,
  ) {}

  flying(): Id[] {
    return [...this.inFlight];
  }
  onWelcome(): void {
    this.inFlight.clear();
    this.intentsInFlight.clear();
  }
  /** Sends go out from here on: not before, so that a conversation that is gone is known to be gone. */
  onLive(): void {
    inBackground(this.flushOutbox());
    inBackground(this.flushIntents());
  }
  onDisconnected(): void {
    this.inFlight.clear();
    this.intentsInFlight.clear();
    this.end();
  }
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  async flushOutbox(): Promise<void> {
    // Put off by the daemon: not before its time.
    if (!this.isWelcome() || this.timer !== undefined) return;
    if (this.flushing) {
      this.again = true;
      return;
    }
    this.flushing = true;
    try {
      do {
        this.again = false;
        for (const entry of nextToSend(await this.mine.outbox(), this.inFlight)) inBackground(this.carryOut(entry));
      } while (this.again);
    } finally {
      this.flushing = false;
    }
  }
  private async carryOut(entry: OutboxRecord): Promise<void> {
    this.inFlight.add(entry.clientId);
    this.changed();
    const outcome = await this.ask(entry);
    if (!this.inFlight.delete(entry.clientId) && !outcome.ok) return;
    if (outcome.ok) {
      this.laters = 0;
      await this.mine.committed(entry.clientId, Number(outcome.value.seq), Number(outcome.value.atMs));
    } else if (outcome.failure.kind === 'refused') {
      await this.mine.rejected(entry.clientId, codeOf(outcome.failure.code), outcome.failure.detail);
    } else if (outcome.failure.code !== 'offline') {
      return this.putOff(outcome.failure);
    }
    this.changed();
    inBackground(this.flushOutbox());
  }
  private putOff(failure: Failure): void {
    const bound = Math.min(laterCapMs, laterBaseMs * 2 ** Math.min(this.laters, 7));
    this.laters += 1;
    const wait = Math.max(failure.retryAfterMs, Math.random() * bound);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      inBackground(this.flushOutbox());
    }, wait);
    this.changed();
  }
  private ask(entry: OutboxRecord): Promise<Outcome<Extract<ServerFrame['body'], { case: 'sent' }>['value']>> {
    const { change, clientId } = entry;
    const conversationId = fromHex(entry.conversation);
    // Not repeated by the line: it stays in the outbox, and its place in the order is kept there.
    const how = { clientId, repeat: false };
    switch (change.kind) {
      case 'send': {
        const replyTo = BigInt(change.replyTo);
        const draftRev = BigInt(change.draftRev);
        const send = { conversationId, body: bytesOf(change.body), replyTo, ...mentionFields(change.body), draftRev };
        return this.asker.ask('send', send, 'sent', how);
      }
      case 'edit': {
        const edit = { conversationId, seq: BigInt(change.seq), body: bytesOf(change.body), ...mentionFields(change.body) };
        return this.asker.ask('edit', edit, 'sent', how);
      }
      case 'delete':
        return this.asker.ask('delete', { conversationId, seq: BigInt(change.seq) }, 'sent', how);
      case 'react': {
        const react = { conversationId, seq: BigInt(change.seq), emoji: bytesOf(change.emoji), on: change.on };
        return this.asker.ask('react', react, 'sent', how);
      }
      case 'pin':
        return this.asker.ask('pinMessage', { conversationId, seq: BigInt(change.seq), on: change.on }, 'sent', how);
      case 'forward': {
        const forward = { conversationId, fromConversationId: fromHex(change.from), fromSeq: BigInt(change.fromSeq) };
        return this.asker.ask('forward', forward, 'sent', how);
      }
    }
  }

  async flushIntents(): Promise<void> {
    if (!this.isWelcome()) return;
    for (const intent of await this.mine.intents()) {
      const name = `${intent.key}#${intent.version}`;
      if (intent.acked || this.intentsInFlight.has(name)) continue;
      this.intentsInFlight.add(name);
      inBackground(this.settle(intent, name));
    }
  }
  private async settle(intent: Intent, name: string): Promise<void> {
    const outcome = await this.askIntent(intent);
    this.intentsInFlight.delete(name);
    if (outcome.ok) return this.mine.acked(intent);
    if (outcome.failure.kind === 'refused') return this.mine.dropIntent(intent);
    if (outcome.failure.code === 'offline') return;
    setTimeout(() => inBackground(this.flushIntents()), Math.max(laterBaseMs, outcome.failure.retryAfterMs));
  }
  private askIntent(intent: Intent): Promise<Outcome<unknown>> {
    const conversationId = fromHex(intent.conversation);
    const { on } = intent;
    switch (intent.kind) {
      case 'read': {
        const read = { conversationId, readThroughSeq: BigInt(intent.seq), rev: BigInt(intent.rev) };
        return this.asker.ask('read', read, 'marked');
      }
      case 'mute':
      case 'pin': {
        const kind = intent.kind === 'mute' ? RegisterKind.MUTE : RegisterKind.PIN;
        return this.asker.ask('setFlag', { conversationId, kind, on }, 'ok');
      }
      case 'star':
      case 'hide': {
        const kind = intent.kind === 'star' ? RegisterKind.STAR : RegisterKind.HIDE;
        return this.asker.ask('setMessageFlag', { conversationId, seq: BigInt(intent.seq), kind, on }, 'ok');
      }
    }
  }
}

function mentionFields(body: string): { mentions: Uint8Array[]; mentionsAll: boolean } {
  const { handles, all } = mentionsIn(body);
  return { mentions: handles.map(bytesOf), mentionsAll: all };
}
