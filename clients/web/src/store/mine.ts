// What is mine and not (yet) at the daemon: outbox, intents, local drafts. Written before anything is said to be kept; the
// end of a draft and the beginning of a message are one transaction, so that a crash loses neither and doubles neither.
import { flagRegister, Work } from '../sync/work';
import { messageKey, type Change, type Id, type Intent, type LocalDraft, type OutboxRecord } from '../sync/records';
import type { Self } from '../sync/rows';
import type { Changes } from './changes';
import type { Database } from './database';
import { read, transact } from './transaction';

export class Mine {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly self: Self,
  ) {}

  // ---- outbox -----------------------------------------------------------------------------------------------------------

  /** `tab`: the local draft of this tab ends with it. */
  async enqueue(conversation: Id, clientId: Id, change: Change, at: number, tab?: string): Promise<void> {
    const entry: Omit<OutboxRecord, 'number'> = {
      clientId,
      conversation,
      change,
      at,
      state: 'queued',
      seq: 0,
      committedAt: 0,
      code: 0,
      detail: '',
    };
    await transact(this.database, 'flushed', async (_rows, tx) => {
      // The number is given by the store (autoIncrement): the record has none before.
      await tx.objectStore('outbox').add(entry as OutboxRecord);
      if (tab !== undefined) await tx.objectStore('drafts').delete([conversation, tab]);
    });
    this.changes.wrote({ conversations: [conversation], outbox: true });
  }
  outbox(): Promise<OutboxRecord[]> {
    return this.database.getAll('outbox');
  }
  /** The daemon numbered it. It goes when its event is held: then the message shows instead. */
  committed(clientId: Id, seq: number, at: number): Promise<void> {
    return this.settle(clientId, async (entry, isHeld) =>
      seq === 0 || (await isHeld(seq)) ? undefined : { ...entry, state: 'committed', seq, committedAt: at },
    );
  }
  rejected(clientId: Id, code: number, detail: string): Promise<void> {
    return this.settle(clientId, async (entry) => ({ ...entry, state: 'rejected', code, detail }));
  }
  /** A rejected one once more, as a new intention at the end of the queue; in one transaction, so that nothing is lost
   *  between. False: it is not here any more. */
  async again(clientId: Id, newId: Id, at: number): Promise<boolean> {
    const conversation = await transact(this.database, 'flushed', async (_rows, tx) => {
      const kept = await tx.objectStore('outbox').index('clientId').get(clientId);
      if (kept?.state !== 'rejected') return undefined;
      await tx.objectStore('outbox').delete(kept.number);
      const { number: _number, ...rest } = kept;
      await tx.objectStore('outbox').add({ ...rest, clientId: newId, at, state: 'queued', code: 0, detail: '' } as OutboxRecord);
      return kept.conversation;
    });
    if (conversation) this.changes.wrote({ conversations: [conversation], outbox: true });
    return conversation !== undefined;
  }
  /** False: it is not here (any more), or not to be taken back. */
  async take(clientId: Id, states: readonly OutboxRecord['state'][]): Promise<OutboxRecord | undefined> {
    const taken = await transact(this.database, 'relaxed', async (_rows, tx) => {
      const entry = await tx.objectStore('outbox').index('clientId').get(clientId);
      if (!entry || !states.includes(entry.state)) return undefined;
      await tx.objectStore('outbox').delete(entry.number);
      return entry;
    });
    if (taken) this.changes.wrote({ conversations: [taken.conversation], outbox: true });
    return taken;
  }
  private async settle(
    clientId: Id,
    change: (entry: OutboxRecord, isHeld: (seq: number) => Promise<boolean>) => Promise<OutboxRecord | undefined>,
  ): Promise<void> {
    const entry = await transact(this.database, 'relaxed', async (rows, tx) => {
      const kept = await tx.objectStore('outbox').index('clientId').get(clientId);
      if (!kept) return undefined;
      const next = await change(kept, async (seq) => (await rows.event(kept.conversation, seq)) !== undefined);
      if (next) await tx.objectStore('outbox').put(next);
      else rows.eraseOutbox(kept.number);
      return kept;
    });
    if (entry) this.changes.wrote({ conversations: [entry.conversation], outbox: true });
  }

  // ---- intents ----------------------------------------------------------------------------------------------------------

  intents(): Promise<Intent[]> {
    return this.database.getAll('intents');
  }
  async read(conversation: Id, through: number, rev: number): Promise<boolean> {
    const key = `read:${conversation}`;
    return this.intend(key, conversation, (before) =>
      before && before.rev === rev && before.seq >= through
        ? undefined
        : { key, kind: 'read', conversation, seq: through, rev, on: true, version: (before?.version ?? 0) + 1, acked: false },
    );
  }
  async flag(kind: 'mute' | 'pin' | 'star' | 'hide', conversation: Id, seq: number, on: boolean): Promise<boolean> {
    const key = `${flagRegister(kind)}:${seq > 0 ? messageKey(conversation, seq) : conversation}`;
    return this.intend(key, conversation, (before) => ({
      key,
      kind,
      conversation,
      seq,
      rev: 0,
      on,
      version: (before?.version ?? 0) + 1,
      acked: false,
    }));
  }
  /** The daemon carried it out. It goes when its register says so (Work.finish), or if it says so already. */
  async acked(intent: Intent): Promise<void> {
    await this.intend(intent.key, intent.conversation, (now) =>
      now && now.version === intent.version ? { ...now, acked: true } : undefined,
    );
  }
  async dropIntent(intent: Intent): Promise<void> {
    await this.change(intent.conversation, async (_work, tx) => {
      const now = await tx.objectStore('intents').get(intent.key);
      if (now?.version !== intent.version) return false;
      await tx.objectStore('intents').delete(intent.key);
      return true;
    });
  }
  private intend(key: string, conversation: Id, next: (before: Intent | undefined) => Intent | undefined): Promise<boolean> {
    return this.change(conversation, async (_work, tx) => {
      const intent = next(await tx.objectStore('intents').get(key));
      if (!intent) return false;
      await tx.objectStore('intents').put(intent);
      return true;
    });
  }
  /** Numbers follow in the same transaction. */
  private async change(
    conversation: Id,
    work: (work: Work, tx: Parameters<Parameters<typeof transact>[2]>[1]) => Promise<boolean>,
  ): Promise<boolean> {
    const done = await transact(this.database, 'relaxed', async (rows, tx) => {
      const each = new Work(rows, this.self);
      if (!(await work(each, tx))) return false;
      await each.touch(conversation);
      await each.finish();
      return true;
    });
    if (done) this.changes.wrote({ conversations: [conversation] });
    return done;
  }

  // ---- local drafts -----------------------------------------------------------------------------------------------------

  async putDraft(draft: LocalDraft): Promise<void> {
    const tx = this.database.transaction('drafts', 'readwrite', { durability: 'strict' });
    await tx.store.put(draft);
    await tx.done;
  }
  dropDraft(conversation: Id, tab: string): Promise<void> {
    return this.database.delete('drafts', [conversation, tab]);
  }
  /** Of one conversation, newest first. */
  async drafts(conversation: Id): Promise<LocalDraft[]> {
    const found = await this.database.getAll('drafts', IDBKeyRange.bound([conversation, ''], [conversation, '\uffff']));
    return found.sort((a, b) => b.at - a.at);
  }
  allDrafts(): Promise<LocalDraft[]> {
    return read(this.database, (_rows, tx) => tx.objectStore('drafts').getAll());
  }
}
