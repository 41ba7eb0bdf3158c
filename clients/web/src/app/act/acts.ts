// Requests of a person, each with its Outcome: people, groups, invitations, devices, profile.
import { bytesOf, fromHex, randomBytes, textOf, toHex } from '../../protocol/bytes';
import type { RequestCase, RequestInit } from '../../protocol/frames';
import { InvitationState, type InvitationView } from '../../protocol/gen/enishi/v1/member_pb';
import { TieAction } from '../../protocol/gen/enishi/v1/tie_pb';
import { personOf } from '../../protocol/wire';
import type { Database } from '../../store/database';
import { clientIdOf } from '../../sync/outbox';
import type { Id } from '../../sync/records';
import type { Outcome } from '../failure';
import { done, good, type Asker } from '../session/asker';
import type { Directory } from '../show/directory';
import type { Device, Invitation, Member, Person } from '../views';
import { invitationLink } from './links';

export const newClientId = (): Id => clientIdOf(Date.now(), randomBytes(10));

const invitationStates: Record<number, Invitation['state']> = {
  [InvitationState.OPEN]: 'open',
  [InvitationState.SPENT]: 'spent',
  [InvitationState.EXPIRED]: 'expired',
  [InvitationState.REVOKED]: 'revoked',
};

export class Acts {
  private readonly links = new Map<Id, string>();
  private readonly pictures = new Map<Id, Promise<string | undefined>>();

  constructor(
    private readonly asker: Asker,
    private readonly database: Database,
    private readonly directory: Directory,
    private readonly origin: string,
  ) {}

  /** Of requests that are answered Ok. Those that need a client id get one: over lost connections they are repeated. */
  private async simply<C extends RequestCase>(name: C, value: RequestInit<C>, mutates = true): Promise<Outcome> {
    const outcome = await this.asker.ask(name, value, 'ok', mutates ? { clientId: newClientId() } : { repeat: true });
    return outcome.ok ? done : outcome;
  }

  // ---- people -----------------------------------------------------------------------------------------------------------

  async tie(action: keyof typeof TieAction, handle: string): Promise<Outcome> {
    const change = { action: TieAction[action], handle: bytesOf(handle.trim().replace(/^@/, '').toLowerCase()) };
    const outcome = await this.asker.ask('tieChange', change, 'tieChanged', { clientId: newClientId() });
    return outcome.ok ? done : outcome;
  }
  picture(person: Person, chat: Id | undefined): Promise<string | undefined> {
    const { pictureId } = person;
    if (pictureId === '') return Promise.resolve(undefined);
    const known = this.pictures.get(pictureId);
    if (known) return known;
    const found = this.findPicture(person, chat);
    this.pictures.set(pictureId, found);
    // Not to be had now (offline): asked for again the next time.
    void found.then((url) => url ?? this.pictures.delete(pictureId));
    return found;
  }
  private async findPicture(person: Person, chat: Id | undefined): Promise<string | undefined> {
    const kept = await this.database.get('pictures', person.pictureId);
    if (kept) return urlOf(kept.bytes);
    const isTied = this.directory.ties.peek().some((each) => each.id === person.id && each.tie === 'mutual');
    const isMe = this.directory.me.peek()?.id === person.id;
    const conversationId = !isTied && !isMe && chat ? fromHex(chat) : new Uint8Array();
    const outcome = await this.asker.ask('pictureFetch', { handle: bytesOf(person.handle), conversationId }, 'picture');
    if (!outcome.ok) return undefined;
    const bytes = new Uint8Array(outcome.value.picture);
    await this.database.put('pictures', { id: toHex(outcome.value.pictureId), bytes });
    return urlOf(bytes);
  }

  // ---- groups -----------------------------------------------------------------------------------------------------------

  async newGroup(title: string, handles: readonly string[]): Promise<Outcome<Id>> {
    const group = { title: bytesOf(title.trim()), handles: handles.map(bytesOf) };
    const outcome = await this.asker.ask('groupNew', group, 'groupMade', { clientId: newClientId() });
    return outcome.ok ? good(toHex(outcome.value.conversationId)) : outcome;
  }
  async members(chat: Id): Promise<Outcome<readonly Member[]>> {
    const outcome = await this.asker.ask('memberList', { conversationId: fromHex(chat) }, 'memberViews', { repeat: true });
    if (!outcome.ok) {
      // As it was when it was last asked: better than nothing while offline.
      const kept = outcome.failure.kind === 'later' ? await this.database.get('people', chat) : undefined;
      return kept ? good(kept.people) : outcome;
    }
    const people = outcome.value.members.flatMap(({ person, owner }) => (person ? [{ ...personOf(person), owner }] : []));
    await this.database.put('people', { conversation: chat, people });
    this.directory.heard(people);
    return good(people);
  }
  addMember(chat: Id, handle: string): Promise<Outcome> {
    return this.simply('groupAdd', { conversationId: fromHex(chat), handle: bytesOf(handle) });
  }
  removeMember(chat: Id, handle: string): Promise<Outcome> {
    return this.simply('groupRemove', { conversationId: fromHex(chat), handle: bytesOf(handle) });
  }
  leaveGroup(chat: Id, successor = ''): Promise<Outcome> {
    return this.simply('groupLeave', { conversationId: fromHex(chat), successor: bytesOf(successor) });
  }
  setTitle(chat: Id, title: string): Promise<Outcome> {
    return this.simply('groupTitle', { conversationId: fromHex(chat), title: bytesOf(title.trim()) });
  }
  async markUnread(chat: Id, seq: number, rev: number): Promise<Outcome<{ rev: number }>> {
    const mark = { conversationId: fromHex(chat), baseRev: BigInt(rev), unreadFromSeq: BigInt(seq) };
    const outcome = await this.asker.ask('markUnread', mark, 'marked', { clientId: newClientId() });
    return outcome.ok ? good({ rev: Number(outcome.value.head?.rev ?? 0n) }) : outcome;
  }

  // ---- invitations ------------------------------------------------------------------------------------------------------

  async invite(what: { uses: number; expiresInS: number; note: string }): Promise<Outcome<Invitation>> {
    const secret = randomBytes(16);
    const { uses, expiresInS, note } = what;
    const make = { secret, uses, expiresInS, note: bytesOf(note.trim()) };
    const outcome = await this.asker.ask('inviteMake', make, 'invitationMade', { clientId: newClientId() });
    if (!outcome.ok) return outcome;
    const view = outcome.value.invitation!;
    this.links.set(toHex(view.id), invitationLink(this.origin, toHex(secret)));
    return good(this.invitationOf(view));
  }
  async invitations(): Promise<Outcome<readonly Invitation[]>> {
    const outcome = await this.asker.ask('inviteList', {}, 'invitations', { repeat: true });
    return outcome.ok ? good(outcome.value.invitations.map((each) => this.invitationOf(each))) : outcome;
  }
  revokeInvitation(id: Id): Promise<Outcome> {
    return this.simply('inviteRevoke', { id: fromHex(id) });
  }
  private invitationOf(view: InvitationView): Invitation {
    const link = this.links.get(toHex(view.id));
    return {
      id: toHex(view.id),
      note: textOf(view.note),
      uses: view.uses,
      used: view.used,
      expiresAtMs: Number(view.expiresAtMs),
      state: invitationStates[view.state] ?? 'revoked',
      ...(link ? { link } : {}),
    };
  }

  // ---- devices ----------------------------------------------------------------------------------------------------------

  async devices(): Promise<Outcome<readonly Device[]>> {
    const outcome = await this.asker.ask('deviceList', {}, 'devices', { repeat: true });
    if (!outcome.ok) return outcome;
    return good(
      outcome.value.devices.map((each) => ({
        id: toHex(each.id),
        name: textOf(each.name),
        current: each.current,
        online: each.online,
        createdAtMs: Number(each.createdAtMs),
        lastSeenMs: Number(each.lastSeenMs),
      })),
    );
  }
  revokeDevice(id: Id): Promise<Outcome> {
    return this.simply('deviceRevoke', { id: fromHex(id) });
  }
  async makeRecoveryCodes(): Promise<Outcome<readonly string[]>> {
    const { makeCodes, normalCode, codeHash } = await import('./secrets');
    const codes = makeCodes();
    const hashes = codes.map((code) => codeHash(normalCode(code)!));
    const outcome = await this.simply('recoveryCodesMake', { hashes });
    return outcome.ok ? good(codes) : outcome;
  }

  // ---- me ---------------------------------------------------------------------------------------------------------------

  setProfile(name: string, hue: number): Promise<Outcome> {
    return this.simply('setProfile', { name: bytesOf(name.trim()), hue }, false);
  }
  async setPicture(picture: Blob | undefined): Promise<Outcome> {
    const bytes = picture ? new Uint8Array(await picture.arrayBuffer()) : new Uint8Array();
    return this.simply('setPicture', { picture: bytes }, false);
  }
  setReceipts(on: boolean): Promise<Outcome> {
    return this.simply('setReceipts', { on }, false);
  }
}

/** The type is read from the bytes, so that a browser draws a picture and nothing else. */
function urlOf(bytes: Uint8Array<ArrayBuffer>): string {
  const type = bytes[0] === 0x89 ? 'image/png' : bytes[0] === 0xff ? 'image/jpeg' : 'image/webp';
  return URL.createObjectURL(new Blob([bytes], { type }));
}
