// What is never stored: presence and typing, as this tab hears of it.
import { signal } from '@preact/signals';
import type { Id } from '../../sync/records';
import type { Presence, PresenceName } from '../views';
import type { Hub } from './hub';

const typingMs = 6_000; // presence.proto, Typing
const names: Record<number, PresenceName> = { 1: 'active', 2: 'idle', 3: 'background', 4: 'offline' };

export class Signals {
  readonly presence = signal<ReadonlyMap<string, Presence>>(new Map());
  readonly typing = signal<ReadonlyMap<Id, readonly string[]>>(new Map());
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private fresh: Map<string, Presence> | undefined;

  /** `isUnheard`: mine, or of somebody whom I block and who is in a group with me. By handle. */
  constructor(hub: Hub, isUnheard: (handle: string) => boolean) {
    hub.on('presence', ({ handle, state, since }) => this.hear(handle, { state: names[state] ?? 'unknown', sinceMs: since }));
    hub.on('typing', ({ chat, handle }) => {
      if (!isUnheard(handle)) this.types(chat, handle);
    });
    hub.on('silence', () => {
      this.presence.value = new Map();
      for (const key of [...this.timers.keys()]) this.stopped(key);
    });
    // Who wrote types no more.
    hub.on('arrival', ({ arrival }) => this.stopped(`${arrival.chat} ${arrival.author.handle}`));
  }
  end(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }
  /** Many come together after a Welcome: shown once. */
  private hear(handle: string, presence: Presence): void {
    if (!this.fresh) {
      this.fresh = new Map(this.presence.peek());
      queueMicrotask(() => {
        this.presence.value = this.fresh!;
        this.fresh = undefined;
      });
    }
    this.fresh.set(handle, presence);
  }
  private types(chat: Id, handle: string): void {
    const key = `${chat} ${handle}`;
    clearTimeout(this.timers.get(key));
    const wasTyping = this.timers.has(key);
    this.timers.set(key, setTimeout(() => this.stopped(key), typingMs));
    if (!wasTyping) this.show();
  }
  private stopped(key: string): void {
    if (!this.timers.has(key)) return;
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.show();
  }
  private show(): void {
    const typing = new Map<Id, string[]>();
    for (const key of this.timers.keys()) {
      const [chat, handle] = key.split(' ') as [Id, string];
      typing.set(chat, [...(typing.get(chat) ?? []), handle]);
    }
    this.typing.value = typing;
  }
}
