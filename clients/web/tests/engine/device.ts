// One device: the engine as a page would have it, with a database of its own. Two tabs share a database and a fake of the
// browser's locks.
import 'fake-indexeddb/auto';
import type { Conversation, Item, Message } from '../../src/app/client';
import { Engine } from '../../src/app/engine';
import type { TabsPort } from '../../src/app/session/hub';

let devices = 0;

interface Waiting {
  run: () => void;
  held: boolean;
  robbed: () => void;
}

/** The part of LockManager that tabs need. */
export class FakeLocks {
  private readonly queues = new Map<string, Waiting[]>();

  async request(name: string, ...rest: unknown[]): Promise<void> {
    const work = rest.at(-1) as () => Promise<void>;
    const { signal, steal } = (rest.length > 1 ? rest[0] : {}) as { signal?: AbortSignal; steal?: boolean };
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    const entry: Waiting = { run: () => undefined, held: false, robbed: () => undefined };
    const robbed = new Promise<never>((_, reject) => {
      entry.robbed = () => reject(new DOMException('stolen', 'AbortError'));
    });
    robbed.catch(() => undefined);
    if (steal && queue[0]?.held) queue.shift()!.robbed();
    const turn = new Promise<void>((resolve) => {
      entry.run = resolve;
    });
    if (steal) queue.unshift(entry);
    else queue.push(entry);
    const leave = (): void => {
      const at = queue.indexOf(entry);
      if (at < 0) return;
      queue.splice(at, 1);
      const next = queue[0];
      if (next && !next.held) {
        next.held = true;
        next.run();
      }
    };
    signal?.addEventListener('abort', () => {
      if (!entry.held) leave();
    });
    if (queue[0] === entry) {
      entry.held = true;
      entry.run();
    }
    await turn;
    await Promise.race([work(), robbed]);
    leave();
  }
  async query(): Promise<{ held: { name: string }[] }> {
    return { held: [...this.queues].filter(([, queue]) => queue.length > 0).map(([name]) => ({ name })) };
  }
}

export interface DeviceOf {
  readonly origin: string;
  readonly hash?: string;
  readonly database?: string;
  readonly locks?: FakeLocks;
  /** While it holds, this tab hears and says nothing: its page is frozen. */
  readonly frozen?: { value: boolean };
}

function freezable(channel: BroadcastChannel, frozen: { value: boolean } = { value: false }): BroadcastChannel {
  const mute = {
    onmessage: undefined as ((event: MessageEvent) => void) | undefined,
    postMessage: (data: unknown) => frozen.value || channel.postMessage(data),
    close: () => channel.close(),
  };
  channel.onmessage = (event) => frozen.value || mute.onmessage?.(event as MessageEvent);
  return mute as unknown as BroadcastChannel;
}

export function openDevice(of: DeviceOf): Engine {
  devices += 1;
  const tabs: TabsPort = {
    locks: of.locks as unknown as LockManager | undefined,
    channel: (name) => (of.locks ? freezable(new BroadcastChannel(name), of.frozen) : undefined),
  };
  const engine = new Engine({
    origin: of.origin,
    hash: of.hash ?? '',
    databaseName: of.database ?? `device-${devices}`,
    tabs,
    isSecure: true,
    linkUsed: () => undefined,
  });
  void engine.start();
  return engine;
}

/** Waits until `holds`, and says what it waited for when the time is over. */
export function until(holds: () => boolean, what: string, ms = 20_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + ms;
    const look = (): void => {
      if (holds()) resolve();
      else if (Date.now() > deadline) reject(new Error(`waited in vain for: ${what}`));
      else setTimeout(look, 5);
    };
    look();
  });
}

export const isLive = (device: Engine): boolean => device.link.value.state.kind === 'live';

export async function join(device: Engine, handle: string, deviceName = 'web'): Promise<void> {
  await until(() => device.phase.value.kind === 'door', 'the door');
  const outcome = await device.door.join({ handle, name: handle.toUpperCase(), deviceName });
  if (!outcome.ok) throw new Error(outcome.failure.code);
  await until(() => device.phase.value.kind === 'in' && isLive(device), `${handle} to be live`);
}

/** Everything that is loaded, oldest first. */
export function items(conversation: Conversation): Item[] {
  conversation.want(0, conversation.count);
  return Array.from({ length: conversation.count }, (_, index) => conversation.at(index)!);
}
export const messages = (conversation: Conversation): Message[] =>
  items(conversation).filter((each): each is Message => each.kind === 'message');
export const texts = (conversation: Conversation): string[] => messages(conversation).map((each) => each.text);
export const chatWith = (device: Engine, handle: string): string | undefined =>
  device.chats.value.find((row) => row.peer?.handle === handle)?.id;
