// The composer's field: every key is kept locally at once, saved 300 ms after the last one, and merged with what other
// devices write (sync/drafts.ts). What loses is kept by the daemon; what the daemon does not have is kept here.
import { inBackground } from '../../store/background';
import { signal } from '@preact/signals';
import { bytesOf, fromHex, randomBytes, toHex } from '../../protocol/bytes';
import type { Mine } from '../../store/mine';
import * as rules from '../../sync/drafts';
import { RegisterKind, type Id, type LocalDraft, type RegisterRecord } from '../../sync/records';
import { done, failed, type Asker } from '../session/asker';
import type { Outcome } from '../failure';
import type { DraftField, DraftView, KeptDraft } from '../views';
import type { Directory } from './directory';

const pauseMs = 300;
const againMs = 3_000; // after a "later" or a lost answer

export interface FieldOf {
  readonly id: Id;
  /** Of this tab: two tabs may type in one conversation, and neither copy is lost. */
  readonly tab: string;
  readonly mine: Mine;
  readonly asker: Asker;
  readonly directory: Directory;
  /** A message of this conversation is still on its way: what clears the draft comes with it. */
  readonly isSending: () => boolean;
  /** For the list. */
  readonly typed: (text: string) => void;
}

export class ComposerField implements DraftField {
  readonly view = signal<DraftView>({ text: '', caret: 0, replyTo: 0, version: 0, byDevice: '', saved: true, kept: [] });
  private field: rules.Field = rules.emptyField;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> | undefined;
  private keeping: Promise<void> = Promise.resolve();
  private isKept = false;
  private fills = 0;

  constructor(private readonly of: FieldOf) {
    this.onRegisters();
  }
  /** Local copies of tabs that are gone: the newest is what was being typed here, the others lose and are kept. */
  async recover(alive: ReadonlySet<string> | undefined): Promise<void> {
    const all = await this.of.mine.drafts(this.of.id);
    const gone = all.filter((each) => each.tab !== this.of.tab && !alive?.has(each.tab));
    const newest = gone.shift();
    if (newest && this.field.text === this.field.baseText && !this.field.focused) {
      const { text, caret, replyTo, baseRev, baseText, beside } = newest;
      const server = this.field.server;
      this.field = { ...rules.emptyField, version: this.field.version + 1, text, caret, replyTo, baseRev, baseText, beside };
      if (server) this.field = rules.heard(this.field, server);
      this.isKept = true;
      await this.keep();
      await this.of.mine.dropDraft(this.of.id, newest.tab);
      this.show();
      this.later(0);
    } else if (newest) gone.unshift(newest);
    for (const each of gone) await putAside(this.of.asker, this.of.mine, each);
  }

  // ---- the ui tells -----------------------------------------------------------------------------------------------------

  input(text: string, caret: number): void {
    this.field = rules.typed(this.field, text, caret);
    void this.keep();
    this.show();
    this.later(pauseMs);
  }
  moved(caret: number): void {
    this.field = { ...this.field, caret };
  }
  focus(focused: boolean): void {
    this.settle({ focused });
    if (!focused) this.later(0);
  }
  composing(on: boolean): void {
    this.settle({ composing: on });
  }
  reply(seq: number): void {
    this.field = rules.replying(this.field, seq);
    void this.keep();
    this.show();
    this.later(pauseMs);
  }
  restore(key: string): void {
    const kept = this.of.directory.kept(this.of.id).find((each) => each.key === key);
    if (!kept) return;
    inBackground(this.fillWith(kept.text, kept.replyTo).then(() => this.drop(key)));
  }
  async drop(key: string): Promise<Outcome> {
    const kept = this.of.directory.kept(this.of.id).find((each) => each.key === key);
    if (!kept) return done;
    const drop = { conversationId: fromHex(this.of.id), place: kept.messageSeq, rev: BigInt(kept.rev) };
    const outcome = await this.of.asker.ask('dropKept', drop, 'ok', { repeat: true });
    return outcome.ok ? done : outcome;
  }
  takeOther(): void {
    const before = this.field;
    this.field = rules.took(before);
    this.show();
    if (this.field !== before) inBackground(this.aside(before).then(() => this.keep()));
  }
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.keeping;
    await this.save();
  }

  // ---- the engine tells -------------------------------------------------------------------------------------------------

  /** DRAFT or KEPT_DRAFT registers changed. */
  onRegisters(): void {
    const entry = this.of.directory.find(RegisterKind.draft, this.of.id);
    if (entry) this.hear(serverDraft(entry));
    this.show();
  }
  /** Another history: its revisions say nothing of what is known here. What is in the field is put again. */
  onReset(): void {
    this.field = rules.estranged(this.field);
    inBackground(this.keep());
    this.show();
  }
  /** The register with its tombstone: the directory keeps none. */
  hear(server: rules.ServerDraft): void {
    const before = this.field.version;
    this.field = rules.heard(this.field, server);
    if (this.field.version !== before || !rules.isChanged(this.field)) void this.keep();
    this.show();
  }
  /** It is in the outbox now, and its local copy went in the same transaction. */
  onSent(body: string): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.field = rules.sent(this.field, body);
    this.isKept = false;
    void this.keep();
    this.show();
    this.later(pauseMs);
  }
  /** Live again: what could not be saved is saved. */
  onLive(): void {
    if (rules.isChanged(this.field)) this.later(0);
  }
  /** It is on a screen again. */
  begin(): void {
    this.show();
  }
  get writtenOn(): number {
    return rules.writtenOn(this.field);
  }
  get rev(): number {
    return this.field.baseRev;
  }
  get text(): string {
    return this.field.text;
  }
  get replyTo(): number {
    return this.field.replyTo;
  }
  get caret(): number {
    return this.field.caret;
  }
  /** Its screen is gone: what is in it stays, and is saved as soon as that can be. */
  end(): void {
    this.settle({ focused: false, composing: false });
    inBackground(this.flush());
  }
  /** The database closes. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  // ---- saving -----------------------------------------------------------------------------------------------------------

  private settle(part: { focused?: boolean; composing?: boolean }): void {
    this.field = rules.settled(this.field, part);
    this.show();
  }
  /** Another text on purpose. What is in the field first becomes the draft, so that the daemon keeps what is replaced. */
  private async fillWith(text: string, replyTo: number): Promise<void> {
    this.fills += 1;
    const fill = this.fills;
    await this.flush();
    if (rules.isChanged(this.field)) await this.aside(this.field);
    if (fill !== this.fills) return;
    this.field = rules.filled(this.field, text, replyTo);
    await this.keep();
    this.show();
    await this.flush();
  }
  /** Keeps a text beside the draft: it is put on a revision that never is the present one. */
  private async aside(field: rules.Field): Promise<void> {
    if (field.text === '' || !rules.isChanged(field)) return;
    const copy = this.localCopy(field, `aside-${toHex(randomBytes(8))}`);
    await this.of.mine.putDraft(copy);
    await putAside(this.of.asker, this.of.mine, copy);
  }
  private localCopy(field: rules.Field, tab: string): LocalDraft {
    const { text, caret, replyTo, baseRev, baseText, beside } = field;
    return { conversation: this.of.id, tab, text, caret, replyTo, baseRev, baseText, at: Date.now(), beside };
  }
  /** At once, one write after the other; what the daemon has needs no copy. */
  private keep(): Promise<void> {
    this.keeping = this.keeping
      .then(async () => {
        if (rules.isChanged(this.field)) {
          this.isKept = true;
          await this.of.mine.putDraft(this.localCopy(this.field, this.of.tab));
        } else if (this.isKept) {
          this.isKept = false;
          await this.of.mine.dropDraft(this.of.id, this.of.tab);
        }
      })
      .catch((error: unknown) => console.warn('enishi: a draft could not be kept here', error));
    return this.keeping;
  }
  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      inBackground(this.save());
    }, ms);
  }
  private save(): Promise<void> {
    this.saving ??= this.saveNow().finally(() => {
      this.saving = undefined;
    });
    return this.saving;
  }
  private async saveNow(): Promise<void> {
    // Lost once, and nothing was typed since: it is kept over there, and stays so until somebody types on.
    if (this.field.beside && this.field.kept === this.field.text) return;
    if (this.of.isSending()) return this.later(againMs);
    const put = rules.putOf(this.field);
    if (!put) return;
    this.field = rules.putting(this.field, put);
    const { baseRev, text, caret, replyTo, keepReplaced } = put;
    const ask = {
      conversationId: fromHex(this.of.id),
      baseRev: BigInt(baseRev),
      text: bytesOf(text),
      caret: Math.min(caret, [...text].length),
      replyTo: BigInt(replyTo),
      keepReplaced,
    };
    const outcome = await this.of.asker.ask('putDraft', ask, 'draftPut');
    if (!outcome.ok) {
      this.field = rules.putLost(this.field);
      // Offline: the next connection calls. Refused (too long, no longer in it): it stays here.
      if (outcome.failure.kind === 'later' && outcome.failure.code !== 'offline') this.later(againMs);
    } else {
      this.field = rules.putAnswered(this.field, Number(outcome.value.rev), outcome.value.won);
      if (rules.putOf(this.field) && this.timer === undefined && !this.field.beside) this.later(pauseMs);
      await this.keep();
    }
    this.show();
  }
  private show(): void {
    const { field } = this;
    const other = rules.otherOf(field);
    const kept = this.of.directory.kept(this.of.id).map(
      (each): KeptDraft => ({ key: each.key, text: each.text, deviceName: each.device, atMs: each.since }),
    );
    const me = this.of.directory.me.peek()?.deviceName ?? '';
    const next: DraftView = {
      text: field.text,
      caret: field.caret,
      replyTo: field.replyTo,
      version: field.version,
      byDevice: field.byDevice === me ? '' : field.byDevice,
      saved: !rules.isChanged(field),
      kept,
      ...(other ? { other: { text: other.text, deviceName: other.device, atMs: other.at } } : {}),
    };
    if (JSON.stringify(next) !== JSON.stringify(this.view.peek())) this.view.value = next;
    this.of.typed(field.text);
  }
}

export const serverDraft = (entry: RegisterRecord): rules.ServerDraft => ({
  rev: entry.rev,
  text: entry.removed ? '' : entry.text,
  caret: entry.caret,
  replyTo: entry.removed ? 0 : entry.replyTo,
  device: entry.device,
  at: entry.since,
});

/** Has the daemon keep a local copy beside the draft, unless that is where it belongs; then the copy goes. */
export async function putAside(asker: Asker, mine: Mine, copy: LocalDraft): Promise<Outcome> {
  if (copy.text !== '') {
    const ask = {
      conversationId: fromHex(copy.conversation),
      baseRev: BigInt(copy.tab.startsWith('aside-') ? 0 : copy.baseRev),
      text: bytesOf(copy.text),
      caret: Math.min(copy.caret, [...copy.text].length),
      replyTo: BigInt(copy.replyTo),
    };
    const outcome = await asker.ask('putDraft', ask, 'draftPut');
    if (!outcome.ok) return outcome.failure.kind === 'refused' ? failed(outcome.failure.code) : outcome;
  }
  await mine.dropDraft(copy.conversation, copy.tab);
  return done;
}
