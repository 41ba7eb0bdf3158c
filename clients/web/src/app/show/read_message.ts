import type { Database } from '../../store/database';
import { read } from '../../store/transaction';
import { EventKind, messageKey, RegisterKind, type Id } from '../../sync/records';
import type { Message } from '../views';
import { readBlock } from './blocks';
import type { Chats } from './chats';
import type { Directory } from './directory';
import { messageOf } from './items';

/** One message of a conversation that is not opened. */
export function readMessage(
  database: Database,
  directory: Directory,
  chats: Chats,
  id: Id,
  seq: number,
): Promise<Message | undefined> {
  return read(database, async (rows) => {
    const found = await readBlock(rows, id, seq, 1);
    const event = found.events.find((each) => each.seq === seq && each.kind === EventKind.message);
    const star = await rows.register(RegisterKind.star, messageKey(id, seq));
    return (
      event &&
      messageOf(event, {
        ...found,
        directory,
        kind: chats.byId.peek().get(id)?.kind ?? 'group',
        starred: new Set(star && !star.removed ? [seq] : []),
        receipts: [],
        outbox: [],
        flying: new Set(),
        keyOf: (each) => `s${each}`,
      })
    );
  });
}
