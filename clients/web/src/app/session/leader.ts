// The session of this device, in the tab that leads: what the daemon says is stored, everything between two frontiers in
// one transaction with the cursor, and told to the tabs after it.
import { inBackground } from '../../store/background';
import { fromHex, toHex } from '../../protocol/bytes';
import { ErrorCode } from '../../protocol/codes';
import type { ServerFrame } from '../../protocol/frames';
import type { Batch, Frontier, Welcome } from '../../protocol/gen/enishi/v1/session_pb';
import { Resume } from '../../protocol/gen/enishi/v1/session_pb';
import { Line, type Credentials, type LineOwner } from '../../protocol/line';
import { eventOf, headOf, registerOf } from '../../protocol/wire';
import { sign } from '../../store/identity';
import type { Database, Identity } from '../../store/database';
import { Replica } from '../../store/replica';
import type { Changes } from '../../store/changes';
import type { Mine } from '../../store/mine';
import { emptyDelta, type Delta, type SyncPoint } from '../../sync/records';
import type { Applied } from '../../sync/work';
import type { LinkState } from '../views';
import { failed, failureOf, type Asker } from './asker';
import type { Hub } from './hub';
import { Debts } from './debts';
import { Sender } from './sender';
import { Surroundings } from './surroundings';
import { StoredReports } from './stored_reports';
import { Arrivals, goneIn, tellFrame } from './telling';

export interface LeaderOf {
  readonly hub: Hub;
  readonly asker: Asker;
  readonly database: Database;
  readonly changes: Changes;
  readonly mine: Mine;
  readonly identity: Identity;
  /** The daemon said that this device is no more. */
  revoked(): void;
}

export class Leader implements LineOwner {
  readonly line: Line;
  readonly replica: Replica;
  private readonly debts: Debts;
  private readonly sender: Sender;
  private readonly surroundings: Surroundings;
  private readonly reports: StoredReports;
  private readonly arrivals: Arrivals;
  private delta: Delta = emptyDelta();
  private point: SyncPoint | undefined;
  private rseqSeen = 0;
  private rseqNamed = 0;
  private live = false;
  private round = { done: 0, total: 0 };
  private offlineSince = 0;
  private bodyBytesMax = 16_384;
  private known = false;
  private stop = { code: 0, detail: '' };
  private toldUntaken = false;
  private readonly stops: (() => void)[] = [];

  constructor(private readonly of: LeaderOf) {
    const self = { id: of.identity.member.id, handle: of.identity.member.handle };
    this.line = new Line(this, { origin: of.identity.origin });
    this.replica = new Replica(of.database, of.changes, self);
    this.debts = new Debts({ line: this.line, database: of.database, applied: (id) => this.stored(id), leader: this });
    this.sender = new Sender(of.asker, of.mine, () => this.line.isWelcome, () => this.announce());
    this.surroundings = new Surroundings(of.hub, this.line);
    this.reports = new StoredReports(of.database, of.asker, of.identity.member.handle);
    this.arrivals = new Arrivals(of.database, of.hub, self, (chat) => this.surroundings.isShown(chat));
    of.asker.lead(this.line);
    const { hub } = of;
    this.stops.push(
      hub.on('who', () => this.announce()),
      hub.on('flush', ({ what }) =>
        inBackground(what === 'outbox' ? this.sender.flushOutbox() : this.sender.flushIntents()),
      ),
      hub.on('want', ({ chat, first, last, pressing }) => this.debts.want(chat, { first, last }, pressing)),
      hub.on('dial', () => this.line.connectNow()),
      hub.on('probe', () => (this.line.isWelcome ? this.line.probe(true) : this.line.connectNow())),
    );
  }
  async start(): Promise<void> {
    this.known = (await this.replica.point()).cursor.length > 0;
    await this.debts.refresh();
    this.line.start();
    this.announce();
  }
  get epoch(): number {
    return this.point?.epoch ?? 0;
  }
  get isLive(): boolean {
    return this.live && this.line.isWelcome;
  }

  // ---- the line asks ----------------------------------------------------------------------------------------------------

  async credentials(): Promise<Credentials> {
    this.delta = emptyDelta();
    this.live = false;
    const { identity } = this.of;
    this.point = await this.replica.point();
    const { cursor, ticket } = this.point;
    const mode = await this.surroundings.mode();
    return { deviceId: fromHex(identity.deviceId), cursor, ticket, mode, sign: (text) => sign(identity, text) };
  }
  async welcomed(welcome: Welcome): Promise<void> {
    const presented = this.point!;
    if (toHex(welcome.ticket) !== toHex(presented.ticket)) await this.replica.putTicket(welcome.ticket);
    if (welcome.limits?.bodyBytesMax) this.bodyBytesMax = welcome.limits.bodyBytesMax;
    this.rseqSeen = presented.rseq;
    this.rseqNamed = Number(welcome.rseq);
    this.round = { done: 0, total: 0 };
    this.offlineSince = 0;
    if (welcome.resume === Resume.RESET) {
      const epoch = await this.replica.reset(presented);
      if (epoch === undefined) return this.line.reconnect();
      if (presented.cursor.length > 0) this.of.hub.say({ type: 'notice', notice: { kind: 'server_restored' } });
      this.point = { ...presented, epoch, cursor: new Uint8Array() };
      this.rseqSeen = 0;
    }
    await this.debts.onWelcome();
    this.surroundings.onWelcome();
    this.sender.onWelcome();
  }
  async heard(frame: ServerFrame): Promise<void> {
    const { body } = frame;
    switch (body.case) {
      case 'batch':
        return this.onBatch(body.value);
      case 'frontier':
        return this.onFrontier(body.value);
      case 'head':
        this.delta.heads.push(headOf(body.value));
        return;
      case 'gap':
        this.delta.gaps.push({
          conversation: toHex(body.value.conversationId),
          debt: {
            first: Number(body.value.fromSeq),
            last: Number(body.value.toSeq),
            changedSince: toHex(body.value.changedSince),
          },
        });
        return;
      case 'skipped':
        this.delta.skipped.push({
          conversation: toHex(body.value.conversationId),
          first: Number(body.value.slots?.fromSeq ?? 0n),
          last: Number(body.value.slots?.toSeq ?? 0n),
        });
        return;
      case 'lagged':
        this.live = false;
        return this.announce();
      case 'marked':
        if (body.value.head) await this.applied(this.replica.applyHead(headOf(body.value.head), this.rseqSeen, this.epoch));
        return;
      default:
        return tellFrame(frame, this.of.hub, this.of.database);
    }
  }
  async ticketRefused(): Promise<void> {
    await this.replica.putTicket(new Uint8Array());
  }
  changed(): void {
    if (this.line.state === 'offline') {
      this.live = false;
      if (this.offlineSince === 0) {
        this.offlineSince = Date.now();
        this.of.hub.say({ type: 'silence' });
      }
      this.debts.onDisconnected();
      this.sender.onDisconnected();
    }
    this.announce();
  }
  stopped(code: number, detail: string): void {
    this.stop = { code, detail };
    if (code === ErrorCode.DEVICE_REVOKED) this.of.revoked();
    this.announce();
  }
  /** Said once until it works again: that the line comes and goes has its reason here, not in the network. */
  untaken(error: unknown): void {
    if (!(error instanceof DOMException) || this.toldUntaken) return;
    this.toldUntaken = true;
    this.of.hub.say({ type: 'notice', notice: { kind: 'failed', failure: failed('local_store').failure } });
  }

  // ---- what is stored ---------------------------------------------------------------------------------------------------

  private async onBatch(batch: Batch): Promise<void> {
    for (const entry of batch.registers) {
      const record = registerOf(entry);
      // Live, every register write of this member arrives, once, in order. While catching up only the latest of each key.
      if (this.live && record.rseq !== this.rseqSeen + 1) return this.startOver(`register ${this.rseqSeen + 1} was lost`);
      this.rseqSeen = Math.max(this.rseqSeen, record.rseq);
      this.delta.registers.push(record);
    }
    this.rseqNamed = Math.max(this.rseqNamed, Number(batch.rseq));
    // One that was written again while the round was read comes with its later number.
    if (!this.live) this.rseqSeen = Math.max(this.rseqSeen, Number(batch.rseq));
    for (const event of batch.events) this.delta.events.push(eventOf(event));
  }
  private async onFrontier(frontier: Frontier): Promise<void> {
    if (frontier.live && this.rseqSeen < this.rseqNamed) return this.startOver(`register ${this.rseqNamed} was lost`);
    const { delta } = this;
    this.delta = emptyDelta();
    const point = { epoch: this.epoch, cursor: frontier.cursor, rseq: this.rseqSeen, at: Date.now() };
    const gone = this.live ? await goneIn(this.of.database, delta) : [];
    if (!(await this.applied(this.replica.apply(delta, point)))) return;
    for (const notice of gone) this.of.hub.say({ type: 'notice', notice });
    this.round = { done: frontier.done, total: frontier.total };
    const wasLive = this.live;
    this.live ||= frontier.live;
    await this.debts.onDelta(delta);
    if (wasLive) await this.arrivals.tell(delta);
    this.reports.onEvents(delta.events);
    if (this.live) {
      this.known = true;
      this.toldUntaken = false;
      if (!wasLive) {
        this.sender.onLive();
        inBackground(this.reports.onLive());
      }
      this.debts.pay();
    }
    this.announce();
  }
  /** A page or an answer about changes was stored. */
  private stored(conversation: string): void {
    this.reports.onPage(conversation);
    this.announce();
  }
  /** False: it was not stored, and this connection is over. */
  async applied(outcome: Promise<Applied>): Promise<boolean> {
    switch (await outcome) {
      case 'stored':
        return true;
      case 'other_epoch':
        this.line.reconnect(true);
        return false;
      case 'conflict':
        await this.startOver('a slot of the log is not what it was');
        return false;
    }
  }
  private async startOver(why: string): Promise<void> {
    console.warn(`enishi: starting over: ${why}`);
    this.delta = emptyDelta();
    await this.replica.startOver(this.epoch);
    this.of.hub.say({ type: 'notice', notice: { kind: 'started_over' } });
    this.line.reconnect();
  }

  // ---- what is told -----------------------------------------------------------------------------------------------------

  private linkState(): LinkState {
    const { line } = this;
    if (line.state === 'stopped')
      return { kind: 'stopped', failure: failureOf(this.stop.code || ErrorCode.GOING_AWAY, this.stop.detail) };
    if (line.isWelcome && line.state !== 'draining') {
      if (line.checking) return { kind: 'checking' };
      return this.live ? { kind: 'live' } : { kind: 'catching_up', ...this.round };
    }
    // Once offline it stays so while it is dialled again, until the daemon answers: no flicker.
    if (this.offlineSince > 0 && line.state !== 'proving') {
      const isCut = globalThis.navigator?.onLine === false;
      return { kind: 'offline', sinceMs: this.offlineSince, retryAtMs: isCut ? 0 : line.retryAt || Date.now() };
    }
    return { kind: 'connecting' };
  }
  private announce(): void {
    if (!this.of.hub.isLeader) return;
    this.of.hub.say({
      type: 'live',
      live: {
        leader: this.of.hub.tab,
        state: this.linkState(),
        owed: this.debts.owed(),
        flying: this.sender.flying(),
        bodyBytesMax: this.bodyBytesMax,
        known: this.known,
      },
    });
  }
  end(): void {
    for (const stop of this.stops) stop();
    this.surroundings.end();
    this.reports.end();
    this.sender.end();
    this.debts.onDisconnected();
    this.line.stop();
  }
}
