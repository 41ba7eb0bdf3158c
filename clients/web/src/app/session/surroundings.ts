// What all tabs of this device together show and do: the mode and the focus of its session.
import { fromHex } from '../../protocol/bytes';
import { requestFrame } from '../../protocol/frames';
import { PresenceState } from '../../protocol/gen/enishi/v1/presence_pb';
import type { Line } from '../../protocol/line';
import type { Id } from '../../sync/records';
import type { Hub, TabState } from './hub';

const modes = { active: PresenceState.ACTIVE, idle: PresenceState.IDLE, background: PresenceState.BACKGROUND } as const;

export class Surroundings {
  private readonly tabs = new Map<string, TabState>();
  private readonly stops: (() => void)[];
  private told = { mode: PresenceState.UNSPECIFIED as PresenceState, focus: '' };

  constructor(
    private readonly hub: Hub,
    private readonly line: Line,
  ) {
    this.stops = [
      hub.on('tab', ({ state }) => {
        this.tabs.set(state.tab, state);
        void this.tell();
      }),
      hub.on('bye', ({ tab }) => {
        this.tabs.delete(tab);
        void this.tell();
      }),
    ];
  }
  end(): void {
    for (const stop of this.stops) stop();
  }
  /** The most awake of all tabs; a tab that crashed says no goodbye. */
  async mode(): Promise<PresenceState> {
    const alive = await this.hub.tabsAlive();
    for (const tab of [...this.tabs.keys()]) if (alive && !alive.has(tab) && tab !== this.hub.tab) this.tabs.delete(tab);
    const all = [...this.tabs.values()].map((each) => each.mode);
    if (all.length === 0 || all.includes('active')) return modes.active;
    return all.includes('idle') ? modes.idle : modes.background;
  }
  /** Everything anew: the daemon forgot it with the last session. */
  onWelcome(): void {
    this.told = { mode: PresenceState.UNSPECIFIED, focus: '' };
    this.line.request(requestFrame('watch', { all: true }), () => undefined, 'fail');
    void this.tell();
  }
  private async tell(): Promise<void> {
    const mode = await this.mode();
    if (!this.line.isWelcome) return;
    if (mode !== this.told.mode) {
      this.told.mode = mode;
      this.line.request(requestFrame('setMode', { mode }), () => undefined, 'fail');
    }
    const focus = this.focus();
    if (focus.join() === this.told.focus) return;
    this.told.focus = focus.join();
    this.line.request(requestFrame('focus', { conversationIds: focus.map(fromHex) }), () => undefined, 'fail');
  }
  isShown(chat: Id): boolean {
    return this.seen().some((each) => each.focus.includes(chat));
  }
  private seen(): TabState[] {
    return [...this.tabs.values()].filter((each) => each.mode !== 'background');
  }
  /** What is on a screen; else what is open behind it, so that it can be taken over from another device. */
  private focus(): Id[] {
    const seen = this.seen();
    return [...new Set((seen.length > 0 ? seen : [...this.tabs.values()]).flatMap((each) => each.focus))].sort();
  }
}
