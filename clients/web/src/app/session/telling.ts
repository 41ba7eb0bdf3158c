// What the daemon says besides the log: signals, notices, receipts, batons; and new messages that came live.
import { textOf, toHex } from '../../protocol/bytes';
import type { ServerFrame } from '../../protocol/frames';
import { NoticeKind } from '../../protocol/gen/enishi/v1/session_pb';
import type { Database, ReceiptRecord } from '../../store/database';
import { read } from '../../store/transaction';
import { isDeleted, mentionsHandle, stateOf } from '../../sync/message_state';
import { EventKind, RegisterKind, type Delta, type Id } from '../../sync/records';
import type { Self } from '../../sync/rows';
import type { Notice } from '../views';
import type { Hub } from './hub';

export async function tellFrame(frame: ServerFrame, hub: Hub, database: Database): Promise<void> {
  const { body } = frame;
  switch (body.case) {
    case 'signal': {
      const { handle, presence, sinceMs, typingIn } = body.value;
      if (typingIn.length > 0) return hub.say({ type: 'typing', chat: toHex(typingIn), handle });
      return hub.say({ type: 'presence', handle, state: presence, since: Number(sinceMs) });
    }
    case 'presences':
      for (const each of body.value.presences)
        hub.say({ type: 'presence', handle: each.handle, state: each.presence, since: Number(each.sinceMs) });
      return;
    case 'notice': {
      const kind = body.value.kind === NoticeKind.DEVICE_RECOVERED ? 'device_recovered' : 'device_added';
      return hub.say({ type: 'notice', notice: { kind, name: textOf(body.value.text) } });
    }
    case 'receipt':
      return keepReceipts(hub, database, toHex(body.value.conversationId), [body.value]);
    case 'receipts':
      return keepReceipts(hub, database, toHex(body.value.conversationId), body.value.receipts);
    case 'pairAsked': {
      const { offerRequestId, name, key } = body.value;
      return hub.say({ type: 'pair_asked', offer: Number(offerRequestId), name: textOf(name), key });
    }
    case 'batonPassed': {
      const { value } = body;
      const passed = {
        batonId: toHex(value.batonId),
        fromDevice: textOf(value.fromDevice),
        chat: toHex(value.conversationId),
        anchorSeq: Number(value.anchorSeq),
        anchorOffset: value.anchorOffset,
        caret: value.caret,
        draftRev: Number(value.draftRev),
      };
      return hub.say({ type: 'passed', passed });
    }
    case 'batonWanted':
      return hub.say({ type: 'wanted', by: toHex(body.value.byDevice), tab: hub.tab });
    case 'batonTaken': {
      const { device, conversationId } = body.value;
      const notice = { kind: 'continued_on', device: textOf(device), chat: toHex(conversationId) } as const;
      return hub.say({ type: 'notice', notice });
    }
  }
}

/** They never fall: what comes late or twice changes nothing. Kept, so that a mark does not go back while offline. */
async function keepReceipts(
  hub: Hub,
  database: Database,
  conversation: Id,
  receipts: readonly { handle: string; deliveredSeq: bigint; readSeq: bigint }[],
): Promise<void> {
  const tx = database.transaction('receipts', 'readwrite');
  let grew = false;
  for (const each of receipts) {
    const before: ReceiptRecord | undefined = await tx.store.get([conversation, each.handle]);
    const delivered = Math.max(before?.delivered ?? 0, Number(each.deliveredSeq));
    const readThrough = Math.max(before?.read ?? 0, Number(each.readSeq));
    if (delivered === before?.delivered && readThrough === before?.read) continue;
    grew = true;
    await tx.store.put({ conversation, handle: each.handle, delivered, read: readThrough });
  }
  await tx.done;
  if (grew) hub.say({ type: 'receipts', chat: conversation });
}

/** Groups that `delta` takes away, with the titles that they still have here. */
export async function goneIn(database: Database, delta: Delta): Promise<Notice[]> {
  const removed = delta.registers.filter((each) => each.kind === RegisterKind.membership && each.removed);
  if (removed.length === 0) return [];
  return read(database, async (rows) => {
    const notices: Notice[] = [];
    for (const { conversation: chat } of removed) {
      const record = await rows.conversation(chat);
      if (record) notices.push({ kind: 'chat_gone', chat, title: record.title });
    }
    return notices;
  });
}

export class Arrivals {
  constructor(
    private readonly database: Database,
    private readonly hub: Hub,
    private readonly self: Self,
    private readonly isShown: (chat: Id) => boolean,
  ) {}

  /** Messages of others in `delta`, which came live and is stored. */
  async tell(delta: Delta): Promise<void> {
    const fresh = delta.events.filter((each) => each.kind === EventKind.message && each.authorId !== this.self.id);
    if (fresh.length === 0) return;
    const heard = await read(this.database, async (rows) => {
      const blocks = await rows.registers(RegisterKind.block);
      const blocked = new Set(blocks.filter((each) => !each.removed).map((each) => each.person?.id));
      const told = [];
      for (const event of fresh) {
        const state = stateOf(event, []);
        if (blocked.has(event.authorId) || isDeleted(event, state)) continue;
        const record = await rows.conversation(event.conversation);
        const mute = await rows.register(RegisterKind.mute, event.conversation);
        const mentionsMe = mentionsHandle(state, this.self.handle);
        const isMuted = mute !== undefined && !mute.removed;
        if (!record || event.seq <= record.summary.marker || (isMuted && !mentionsMe)) continue;
        const tie = await rows.register(RegisterKind.tie, event.authorId);
        told.push({ event, mentionsMe, person: tie?.person });
      }
      return told;
    });
    for (const { event, mentionsMe, person } of heard) {
      const author = person ?? { id: event.authorId, handle: event.author, name: '', hue: 0, pictureId: '' };
      const { conversation: chat, seq, body: text } = event;
      this.hub.say({ type: 'arrival', arrival: { chat, seq, author, text, mentionsMe, isSeen: this.isShown(chat) } });
    }
  }
}
