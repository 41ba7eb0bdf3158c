// All tabs of one device as one: what is said here is heard in this tab and in the others. The tab that holds the lock
// leads: it has the socket. When it closes, the browser gives the lock to the next within a moment. Where there are no
// locks every tab leads itself; they still hear of each other's writes.
import { randomBytes, toHex } from '../../protocol/bytes';
import type { Changed } from '../../store/changes';
import type { Id } from '../../sync/records';
import type { LinkState, Notice, Arrival } from '../views';

export interface TabState {
  readonly tab: string;
  /** Conversations on its screen. */
  readonly focus: readonly Id[];
  readonly mode: 'active' | 'idle' | 'background';
}

/** What only the leading tab knows of itself. */
export interface Live {
  readonly leader: string;
  readonly state: LinkState;
  readonly owed: number;
  /** Client ids on their way. */
  readonly flying: readonly Id[];
  readonly bodyBytesMax: number;
  /** The chats of this device came from the daemon once. */
  readonly known: boolean;
}

export interface Passed {
  readonly batonId: Id;
  readonly fromDevice: string;
  readonly chat: Id;
  readonly anchorSeq: number;
  readonly anchorOffset: number;
  readonly caret: number;
  readonly draftRev: number;
}

export type Message =
  | { readonly type: 'changed'; readonly changed: Changed }
  | { readonly type: 'who' }
  | { readonly type: 'tab'; readonly state: TabState }
  | { readonly type: 'bye'; readonly tab: string }
  | { readonly type: 'live'; readonly live: Live }
  | { readonly type: 'presence'; readonly handle: string; readonly state: number; readonly since: number }
  | { readonly type: 'typing'; readonly chat: Id; readonly handle: string }
  | { readonly type: 'silence' } // presence and typing are not known any more
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'arrival'; readonly arrival: Omit<Arrival, 'isTeller'> }
  | { readonly type: 'asked'; readonly tab: string; readonly n: number; readonly frame: Uint8Array; readonly repeat: boolean }
  | { readonly type: 'answered'; readonly tab: string; readonly n: number; readonly frame: Uint8Array | undefined }
  | { readonly type: 'flush'; readonly what: 'outbox' | 'intents' }
  | { readonly type: 'want'; readonly chat: Id; readonly first: number; readonly last: number; readonly pressing?: boolean }
  | { readonly type: 'receipts'; readonly chat: Id }
  | { readonly type: 'dial' }
  | { readonly type: 'probe' }
  | { readonly type: 'passed'; readonly passed: Passed }
  | { readonly type: 'opened'; readonly batonId: Id }
  | { readonly type: 'wanted'; readonly by: Id; readonly tab: string }
  | { readonly type: 'pair_asked'; readonly offer: number; readonly name: string; readonly key: Uint8Array }
  | { readonly type: 'identity' }
  | { readonly type: 'ended'; readonly why: 'revoked' | 'signed_out' };

type Of<T extends Message['type']> = Extract<Message, { type: T }>;

/** What of the browser tabs need; tests bring their own. */
export interface TabsPort {
  readonly locks: LockManager | undefined;
  channel(name: string): BroadcastChannel | undefined;
}

export const browserTabs: TabsPort = {
  locks: globalThis.navigator?.locks,
  channel: (name) => (typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name)),
};

const leaderPatienceMs = 3_000; // as a probe of the connection

export class Hub {
  /** Not by crypto.randomUUID: a page that is not secure has to get as far as saying so. */
  readonly tab: string = toHex(randomBytes(8));
  isLeader = false;
  private readonly listeners = new Map<string, Set<(message: never) => void>>();
  private readonly channel: BroadcastChannel | undefined;
  private readonly ended = new AbortController();

  constructor(
    private readonly name: string,
    private readonly port: TabsPort,
  ) {
    this.channel = port.channel(`enishi:${name}`);
    if (this.channel) this.channel.onmessage = (event: MessageEvent<Message>) => this.hear(event.data);
  }
  on<T extends Message['type']>(type: T, listener: (message: Of<T>) => void): () => void {
    const all = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, all);
    all.add(listener as (message: never) => void);
    return () => all.delete(listener as (message: never) => void);
  }
  /** In this tab and the others. */
  say(message: Message): void {
    this.hear(message);
    this.tellOthers(message);
  }
  tellOthers(message: Message): void {
    if (!this.ended.signal.aborted) this.channel?.postMessage(message);
  }
  private hear(message: Message): void {
    for (const listener of [...(this.listeners.get(message.type) ?? [])]) listener(message as never);
  }

  /** Calls `lead` once this tab holds the lock: at once where there is none to wait for; `yieldUp` when another tab took
   *  it, because this one slept. */
  elect(lead: () => void, yieldUp: () => void): void {
    const { locks } = this.port;
    this.lead = lead;
    this.yieldUp = yieldUp;
    if (!locks) {
      this.isLeader = true;
      lead();
      return;
    }
    this.request({ signal: this.ended.signal });
    // Alive is who holds his own lock: a tab that crashed says no goodbye.
    const alive = locks.request(`enishi-tab:${this.tab}`, () => {
      return new Promise<void>((resolve) => this.ended.signal.addEventListener('abort', () => resolve()));
    });
    alive.catch(() => undefined);
  }
  private lead: () => void = () => undefined;
  private yieldUp: () => void = () => undefined;
  private request(options: LockOptions): void {
    const held = this.port.locks!.request(`enishi:${this.name}`, options, () => {
      if (this.ended.signal.aborted) return Promise.resolve();
      this.isLeader = true;
      this.lead();
      // Held until the tab ends.
      return new Promise<void>((resolve) => this.ended.signal.addEventListener('abort', () => resolve()));
    });
    held.catch(() => {
      // Aborted while it waited, or stolen.
      if (this.ended.signal.aborted || !this.isLeader) return;
      this.isLeader = false;
      this.yieldUp();
      this.request({ signal: this.ended.signal });
    });
  }
  /** Is the leading tab awake? A page in the background may be frozen with the lock in its hands: then this one, which is
   *  looked at, takes it. */
  checkLeader(): void {
    if (this.isLeader || !this.port.locks || this.checking) return;
    this.checking = true;
    const end = (): void => {
      stop();
      clearTimeout(timer);
      this.checking = false;
    };
    const stop = this.on('live', end);
    const timer = setTimeout(() => {
      end();
      if (!this.isLeader && !this.ended.signal.aborted) this.request({ steal: true });
    }, leaderPatienceMs);
    this.tellOthers({ type: 'who' });
  }
  private checking = false;
  /** Tabs that are there now; undefined: not to be known. */
  async tabsAlive(): Promise<ReadonlySet<string> | undefined> {
    if (!this.port.locks) return undefined;
    const { held } = await this.port.locks.query();
    const names = (held ?? []).map((each) => each.name ?? '').filter((each) => each.startsWith('enishi-tab:'));
    return new Set(names.map((each) => each.slice('enishi-tab:'.length)));
  }
  end(): void {
    this.tellOthers({ type: 'bye', tab: this.tab });
    this.isLeader = false;
    this.ended.abort();
    this.channel?.close();
    this.listeners.clear();
  }
}
