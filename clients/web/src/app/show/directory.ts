// Who is who: people as the registers of this device know them, and the settings that belong to people.
import { signal } from '@preact/signals';
import type { Database } from '../../store/database';
import { read } from '../../store/transaction';
import { RegisterKind, type Id, type PersonRecord, type RegisterRecord } from '../../sync/records';
import type { Me, Person, Tie, TieName } from '../views';
import type { Identity } from '../../store/database';

/** Kinds that are few and are needed all the time; kept in memory. */
const keptKinds = [
  RegisterKind.mute,
  RegisterKind.pin,
  RegisterKind.tie,
  RegisterKind.membership,
  RegisterKind.block,
  RegisterKind.draft,
  RegisterKind.keptDraft,
  RegisterKind.noReceipts,
  RegisterKind.profile,
] as const;

const tieNames: Record<number, TieName> = { 1: 'asked_out', 2: 'asked_in', 3: 'mutual', 4: 'ended' };
const tieOrder: Record<TieName, number> = { mutual: 0, asked_in: 1, asked_out: 2, ended: 3 };
const direct = 1;
/** A cleared draft is news to a field; of the others what is gone is not there. */
const isKept = (entry: RegisterRecord): boolean => !entry.removed || entry.kind === RegisterKind.draft;

export class Directory {
  readonly me = signal<Me | undefined>(undefined);
  readonly ties = signal<readonly Tie[]>([]);
  readonly recoverySettled = signal(true);
  private readonly kinds = new Map<number, Map<string, RegisterRecord>>();
  private byId = new Map<Id, Person>();
  private byHandle = new Map<string, Person>();
  private inGroups = new Map<Id, Person>();

  constructor(
    private readonly database: Database,
    private readonly identity: Identity,
  ) {}

  async load(kinds: readonly number[] = keptKinds): Promise<void> {
    const wanted = keptKinds.filter((kind) => kinds.includes(kind));
    if (wanted.length === 0) return;
    const found = await read(this.database, (rows) => Promise.all(wanted.map((kind) => rows.registers(kind))));
    wanted.forEach((kind, i) =>
      this.kinds.set(kind, new Map(found[i]!.filter((each) => isKept(each)).map((each) => [each.key, each]))),
    );
    this.derive();
  }
  async loadPeople(): Promise<void> {
    for (const each of await this.database.getAll('people'))
      for (const person of each.people) this.inGroups.set(person.id, person);
    this.derive();
  }
  /** Of a list of members that was asked for. */
  heard(people: readonly PersonRecord[]): void {
    for (const person of people) this.inGroups.set(person.id, person);
    this.derive();
  }

  find(kind: number, key: string): RegisterRecord | undefined {
    return this.kinds.get(kind)?.get(key);
  }
  has(kind: number, key: string): boolean {
    return this.find(kind, key) !== undefined;
  }
  all(kind: number): RegisterRecord[] {
    return [...(this.kinds.get(kind)?.values() ?? [])];
  }
  isBlocked(id: Id): boolean {
    return this.has(RegisterKind.block, id);
  }
  isBlockedHandle(handle: string): boolean {
    return this.all(RegisterKind.block).some((each) => each.person?.handle === handle);
  }
  person(id: Id, handle: string): Person {
    return this.byId.get(id) ?? { id, handle, name: '', hue: 0, pictureId: '' };
  }
  named(handle: string): Person | undefined {
    return this.byHandle.get(handle);
  }
  /** Kept drafts of a conversation, newest first. */
  kept(conversation: Id): RegisterRecord[] {
    return this.all(RegisterKind.keptDraft)
      .filter((each) => each.conversation === conversation)
      .sort((a, b) => b.since - a.since);
  }

  private derive(): void {
    const { identity } = this;
    const profile = this.find(RegisterKind.profile, '')?.person;
    this.me.value = {
      ...(profile ?? identity.member),
      id: identity.member.id,
      handle: identity.member.handle,
      deviceId: identity.deviceId,
      deviceName: identity.deviceName,
      inviter: identity.inviter,
      receipts: !this.has(RegisterKind.noReceipts, ''),
    };
    this.byId = new Map(this.inGroups);
    for (const each of this.all(RegisterKind.membership)) if (each.peer) this.learn(each.peer);
    for (const each of this.all(RegisterKind.block)) if (each.person) this.learn(each.person);
    for (const each of this.all(RegisterKind.tie)) if (each.person) this.learn(each.person);
    this.learn(this.me.value);
    this.byHandle = new Map([...this.byId.values()].map((each) => [each.handle, each]));
    this.ties.value = this.tiesNow();
  }
  /** What is known of a name stays when a later register tells none (an ended tie). */
  private learn(person: PersonRecord): void {
    const before = this.byId.get(person.id);
    this.byId.set(person.id, person.name === '' && before ? before : person);
  }
  private tiesNow(): Tie[] {
    const chats = new Map<Id, Id>();
    for (const each of this.all(RegisterKind.membership))
      if (each.conversationKind === direct && each.peer) chats.set(each.peer.id, each.conversation);
    const people = new Map<Id, RegisterRecord>();
    for (const each of this.all(RegisterKind.block)) people.set(each.key, each);
    for (const each of this.all(RegisterKind.tie)) people.set(each.key, each);
    const ties = [...people].map(([id, entry]): Tie => {
      const tie = entry.kind === RegisterKind.tie ? tieNames[entry.tie] : undefined;
      const person = this.person(id, entry.person?.handle ?? '');
      const chat = chats.get(id);
      return {
        id: person.id,
        handle: person.handle,
        name: person.name,
        hue: person.hue,
        pictureId: person.pictureId,
        ...(tie ? { tie } : {}),
        blocked: this.isBlocked(id),
        sinceMs: entry.since,
        ...(chat ? { chat } : {}),
        isInviter: person.handle === this.identity.inviter,
      };
    });
    const rank = (each: Tie): number => (each.blocked ? 4 : each.tie ? tieOrder[each.tie] : 5);
    const name = (each: Tie): string => each.name || each.handle;
    return ties.sort((a, b) => rank(a) - rank(b) || name(a).localeCompare(name(b)));
  }
}
