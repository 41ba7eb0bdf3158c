// This page: whether it is seen and used, and when it may have slept through the end of its connection.
import type { Id } from '../../sync/records';
import type { Hub, TabState } from './hub';

const activeMs = 60_000; // after the last real input
const tickMs = 5_000;
const jumpMs = 15_000; // timers stood still: the machine slept
const leaderMs = 30_000; // a page that is looked at asks so often whether the leading one is awake

export class Here {
  private lastInput = Date.now();
  private focus: readonly Id[] = [];
  private told = '';
  private lastTick = Date.now();
  private lastLook = Date.now();
  private readonly ended = new AbortController();
  private readonly timer: ReturnType<typeof setInterval>;

  /** `hidden`: the page went out of sight and may not come back. */
  constructor(
    private readonly hub: Hub,
    private readonly hidden: () => void,
  ) {
    const { signal } = this.ended;
    const page = globalThis.document as Document | undefined;
    page?.addEventListener('visibilitychange', () => this.back(page.visibilityState === 'visible'), { signal });
    globalThis.addEventListener?.('pageshow', () => this.back(true), { signal });
    globalThis.addEventListener?.('online', () => this.back(true), { signal });
    globalThis.addEventListener?.('offline', () => this.hub.say({ type: 'probe' }), { signal });
    globalThis.addEventListener?.('pagehide', () => this.hub.tellOthers({ type: 'bye', tab: this.hub.tab }), { signal });
    this.timer = setInterval(() => this.tick(), tickMs);
    hub.on('who', () => this.tell(true));
    // A new leader knows nothing of its tabs.
    let leader = '';
    hub.on('live', ({ live }) => {
      if (live.leader === leader) return;
      leader = live.leader;
      this.tell(true);
    });
    this.tell(true);
  }
  touch(): void {
    this.lastInput = Date.now();
    this.tell();
  }
  shows(focus: readonly Id[]): void {
    this.focus = focus;
    this.tell();
  }
  end(): void {
    clearInterval(this.timer);
    this.ended.abort();
  }

  /** Is anybody still there? The answer comes within three seconds, or it is dialled anew. */
  private back(seen: boolean): void {
    this.tell();
    if (!seen) return this.hidden();
    this.hub.checkLeader();
    this.hub.say({ type: 'probe' });
  }
  private tick(): void {
    const now = Date.now();
    // A frozen leader says nothing: what it said last ("live") would stand for ever.
    if (now - this.lastLook >= leaderMs && this.mode() !== 'background') {
      this.lastLook = now;
      this.hub.checkLeader();
    }
    if (Math.abs(now - this.lastTick - tickMs) > jumpMs) this.hub.say({ type: 'probe' });
    this.lastTick = now;
    this.tell();
  }
  private mode(): TabState['mode'] {
    if ((globalThis.document as Document | undefined)?.visibilityState === 'hidden') return 'background';
    return Date.now() - this.lastInput < activeMs ? 'active' : 'idle';
  }
  private tell(anyhow = false): void {
    const state: TabState = { tab: this.hub.tab, focus: this.focus, mode: this.mode() };
    const text = JSON.stringify(state);
    if (text === this.told && !anyhow) return;
    this.told = text;
    this.hub.say({ type: 'tab', state });
  }
}
