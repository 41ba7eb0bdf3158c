import { fromHex } from '../../protocol/bytes';
import type { Id } from '../../sync/records';
import type { Asker } from './asker';

const most = 30; // of conversations that are not opened; the others are asked for when they are

export interface ReceiptsAsked {
  /** `anyhow`: it is opened. */
  ask(id: Id, asker: Asker, anyhow: boolean): void;
  clear(): void;
}

/** Each conversation once on a connection; later changes come by themselves. The answer is kept by the leading tab. */
export function readReceiptsAsked(): ReceiptsAsked {
  const asked = new Set<Id>();
  return {
    ask(id, asker, anyhow) {
      if (asked.has(id) || (asked.size >= most && !anyhow)) return;
      asked.add(id);
      void asker.ask('receiptsAsk', { conversationId: fromHex(id) }, 'receipts');
    },
    clear: () => asked.clear(),
  };
}
