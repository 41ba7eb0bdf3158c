// The hands of the scroller: measures what was drawn, writes scroll position, space and block, watches input. What stands
// where is decided by track.ts.
import { signal } from '@preact/signals';
import type { Conversation, Item, Place } from '../../app/client';
import { isSeen, lookOf, seenBeside, type Look } from './look';
import { Track } from './track';
import { mustSettle, placeAt } from './window';

export interface Drawn {
  readonly index: number;
  readonly key: string;
  readonly item: Item;
  readonly look: Look;
}

interface Target {
  readonly key: string;
  readonly index: number;
  /** Thousandths of the item that are above the upper edge; undefined: shown a quarter down. */
  readonly above?: number;
}

// Nearer to the end than this counts as being there.
const endPx = 24;
// After the last scroll event and this long, momentum is over.
const restMs = 140;

export class Scroll {
  readonly track: Track;
  /** Far from the newest message. */
  readonly away = signal(false);
  /** Where the person was before a jump. */
  readonly cameFrom = signal<string | undefined>(undefined);
  /** Key of the row to be shown for a moment: a jump led there. */
  readonly flash = signal<string | undefined>(undefined);
  /** Seq of the message above which the thread runs: new from here. 0: nowhere. */
  readonly line = signal(0);
  /** First index on screen, for "to the first unread". */
  readonly firstVisible = signal(0);
  private stuck = true;
  private target: Target | undefined;
  private element: HTMLElement | undefined;
  private space: HTMLElement | undefined;
  private block: HTMLElement | undefined;
  private rows: readonly Drawn[] = [];
  private touching = false;
  private scrolledAt = -Infinity;
  private written = -1;
  // Scroll position as it was last told or written: to ask for it anew lays the page out, and it changes with events only.
  private at = 0;
  private restTimer: ReturnType<typeof setTimeout> | undefined;

  private begun = false;
  /** Somebody went somewhere (who sends at once, to the newest) before there was anything to draw. */
  private led = false;
  private readingPaused = false;

  /** Grows when other rows are to be drawn. */
  readonly drawing = signal(0);
  private measuredHeight = -1;

  constructor(readonly conversation: Conversation) {
    this.track = new Track(conversation);
    this.track.viewport = innerHeight;
  }

  attach(element: HTMLElement, space: HTMLElement, block: HTMLElement): () => void {
    this.element = element;
    this.space = space;
    this.block = block;
    this.track.viewport = element.clientHeight;
    const resize = new ResizeObserver(() => this.resized());
    resize.observe(element);
    resize.observe(block);
    const handling = new AbortController();
    const on = (kind: string, handler: (event: Event) => void) =>
      element.addEventListener(kind, handler, { passive: true, signal: handling.signal });
    on('scroll', () => this.scrolled());
    for (const kind of ['wheel', 'touchmove', 'pointerdown', 'keydown'])
      on(kind, () => {
        this.target = undefined;
      });
    on('touchstart', () => {
      this.touching = true;
    });
    for (const kind of ['touchend', 'touchcancel'])
      on(kind, () => {
        this.touching = false;
        this.restSoon();
      });
    return () => {
      handling.abort();
      resize.disconnect();
      clearTimeout(this.restTimer);
      this.element = undefined;
    };
  }

  /** Before drawing: takes over changes of the list and says what to draw. */
  prepare(): readonly Drawn[] {
    const { conversation, track } = this;
    if (!this.begun) this.start();
    track.sync(this.position());
    if (this.target) this.retarget();
    const { from, to } = track.draw(this.position());
    const at = (index: number) => conversation.at(index);
    const rows: Drawn[] = [];
    for (let index = from; index < to; index++) {
      const item = at(index);
      if (!item || !isSeen(item)) track.hold(this.position(), () => track.measure(index, 0));
      else
        rows.push({
          index,
          key: item.key,
          item,
          look: lookOf(item, seenBeside(at, index, -1), seenBeside(at, index, 1)),
        });
    }
    this.rows = rows;
    return rows;
  }

  /** After drawing, before it is painted: measures, and puts everything where it belongs. */
  afterRender(): void {
    if (!this.element || !this.block) return;
    const { track, rows } = this;
    const children = this.block.children;
    track.hold(this.position(), () => {
      for (let i = 0; i < rows.length; i++) {
        const { item, index } = rows[i]!;
        if (item.kind === 'hole' || item.kind === 'unloaded') continue; // their height is the estimate itself
        const child = children[i];
        if (child) track.measure(index, child.getBoundingClientRect().height);
      }
    });
    this.measuredHeight = this.block.offsetHeight;
    const scroll = (this.at = this.place());
    if (track.needsDrawing(scroll)) this.redraw();
    this.look(scroll);
  }

  goNewest(): void {
    this.led = true;
    this.stuck = true;
    this.target = undefined;
    this.cameFrom.value = undefined;
    this.redraw();
  }

  /** Down to where a jump came from, else to the newest. */
  goDown(): void {
    const key = this.cameFrom.value;
    this.cameFrom.value = undefined;
    const index = key === undefined ? -1 : this.track.indexOfKey(key, -1);
    if (index < 0) this.goNewest();
    else this.aim(index);
  }

  /** Shows an item. `above`: see Target. `flash`: it is pointed out. */
  aim(index: number, options: { above?: number; flash?: boolean; remember?: boolean } = {}): void {
    const key = this.conversation.keyAt(index);
    if (options.remember && this.element) {
      const seen = this.track.visible(this.position());
      this.cameFrom.value = this.rows.find((row) => row.index >= seen.from)?.key;
    }
    this.led = true;
    this.stuck = false;
    this.target = options.above === undefined ? { key, index } : { key, index, above: options.above };
    if (options.flash) {
      this.flash.value = undefined;
      this.flash.value = key;
    }
    this.redraw();
  }

  /** For the baton: where the person is. */
  here(): Pick<Place, 'anchorSeq' | 'anchorOffset'> {
    if (this.stuck) return { anchorSeq: 0, anchorOffset: 0 };
    const { index, thousandths } = placeAt(this.track.heights, this.track.top(this.position()));
    const item = this.conversation.at(index);
    const seq = item && 'seq' in item ? item.seq : 0;
    return { anchorSeq: seq, anchorOffset: seq > 0 ? thousandths : 0 };
  }

  /** Seqs whose lower edge is on screen: what a person can have read to its end. */
  *seqsOnScreen(): Iterable<number> {
    if (!this.element) return;
    const { track } = this;
    const top = track.top(this.element.scrollTop);
    const { from, to } = track.visible(this.element.scrollTop);
    for (let index = from; index < to; index++) {
      const bottom = track.heights.offset(index + 1) - top;
      if (bottom <= 0 || bottom > track.viewport + 4) continue;
      const item = this.conversation.at(index);
      if (item && (item.kind === 'message' || item.kind === 'system') && item.seq > 0) yield item.seq;
    }
  }

  /** After "mark unread" what is on screen is not read again by itself, until the person goes elsewhere and comes back, or
   *  scrolls. */
  pauseReading(): void {
    this.readingPaused = true;
  }

  get reads(): boolean {
    return !this.readingPaused;
  }

  get atEnd(): boolean {
    return this.stuck;
  }

  private redraw(): void {
    this.drawing.value = this.drawing.peek() + 1;
  }

  // With unread messages at the first of them, else at the newest.
  private start(): void {
    this.begun = true;
    if (this.led) return;
    const { conversation } = this;
    const seq = conversation.firstUnread.peek();
    const index = seq > 0 ? conversation.indexOf(seq) : -1;
    this.line.value = seq;
    if (index < 0 || index >= conversation.count) return;
    this.stuck = false;
    this.target = { key: conversation.keyAt(index), index };
  }

  private position(): number {
    const { track } = this;
    if (this.stuck) return Math.max(0, track.heights.total + track.drift - track.viewport);
    if (this.target) return this.targetTop(this.target) + track.drift;
    return this.at;
  }

  private targetTop(target: Target): number {
    const { heights } = this.track;
    if (target.above === undefined) return this.track.showing(target.index);
    return heights.offset(target.index) + (heights.at(target.index) * target.above) / 1000;
  }

  private retarget(): void {
    const target = this.target!;
    const index = this.track.indexOfKey(target.key, target.index);
    this.target = index < 0 ? undefined : { ...target, index };
  }

  /** Returns the scroll position that it left behind. */
  private place(): number {
    const { track } = this;
    const element = this.element!;
    const scroll = element.scrollTop;
    if (this.isMovedAway(scroll)) this.leave();
    if (this.stuck || this.target) {
      track.drift = 0;
      this.write();
      return this.scrollTo(this.stuck ? element.scrollHeight - element.clientHeight : this.targetTop(this.target!));
    }
    if (this.moving() && !mustSettle(track.top(scroll), track.drift, track.viewport)) {
      this.write();
      this.restSoon();
      return scroll;
    }
    const settled = track.settle(scroll);
    this.write();
    const left = Math.abs(settled - scroll) >= 0.5 ? this.scrollTo(settled) : scroll;
    // Screens round scroll positions to their pixels: what is rounded off stays as drift, so that nothing trembles.
    track.drift = left - settled;
    this.write();
    return left;
  }

  private write(): void {
    this.space!.style.height = `${this.track.spaceHeight}px`;
    this.block!.style.transform = `translateY(${this.track.blockTop}px)`;
  }

  private scrollTo(top: number): number {
    const element = this.element!;
    element.scrollTop = top;
    this.at = this.written = element.scrollTop;
    return this.written;
  }

  private moving(): boolean {
    return this.touching || performance.now() - this.scrolledAt < restMs;
  }

  // A hand moved it, and the browser has not told yet: drawing meanwhile must not pull it back.
  private isMovedAway(scroll: number): boolean {
    const { scrollHeight, clientHeight } = this.element!;
    return this.written >= 0 && Math.abs(scroll - this.written) >= 1 && scrollHeight - clientHeight - scroll > endPx;
  }

  private leave(): void {
    this.written = -1;
    this.target = undefined;
    this.stuck = false;
    this.scrolledAt = performance.now();
    this.readingPaused = false;
  }

  private scrolled(): void {
    const element = this.element;
    if (!element) return;
    const scroll = (this.at = element.scrollTop);
    if (Math.abs(scroll - this.written) >= 1) {
      this.leave(); // not our doing: the person went elsewhere
      this.stuck = element.scrollHeight - element.clientHeight - scroll <= endPx;
      this.restSoon();
    }
    if (this.track.needsDrawing(scroll)) this.redraw();
    this.look(scroll);
  }

  private restSoon(): void {
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => this.rested(), restMs + 10);
  }

  private rested(): void {
    if (!this.element) return;
    if (this.moving()) return this.restSoon();
    this.place();
    this.intoHole();
  }

  // Somebody pulled the bar into the middle of a large hole: that part of it is wanted, not its edge.
  private intoHole(): void {
    const { track, conversation } = this;
    const { from, to } = track.visible(this.position());
    const item = conversation.at(from);
    if (to - from !== 1 || item?.kind !== 'hole') return;
    const part = (track.top(this.position()) - track.heights.offset(from)) / Math.max(1, track.heights.at(from));
    const seq = Math.min(item.last, item.first + Math.floor(part * item.count));
    const { scrolledAt } = this;
    const top = this.element!.scrollTop;
    void conversation.reveal(seq).then((index) => {
      // Gone elsewhere meanwhile, told of or not yet: what was wanted there is wanted no more.
      const moved = Math.abs((this.element?.scrollTop ?? 0) - (this.written >= 0 ? this.written : top)) >= 1;
      if (index >= 0 && this.element && this.scrolledAt === scrolledAt && !moved) this.aim(index);
    });
  }

  private resized(): void {
    const element = this.element;
    if (!element) return;
    const height = element.clientHeight;
    const shrunk = this.track.viewport - height;
    if (shrunk === 0 && this.block!.offsetHeight === this.measuredHeight) return; // what was just drawn: known
    this.track.viewport = height;
    // What stood above the composer stays above it when a keyboard opens or the composer grows.
    if (shrunk !== 0 && !this.stuck && !this.target) this.scrollTo(element.scrollTop + shrunk);
    this.afterRender();
  }

  // What is painted of a hole moves along with the screen.
  private shiftHoles(scroll: number): void {
    const { heights } = this.track;
    for (let i = 0; i < this.rows.length; i++) {
      const { item, index } = this.rows[i]!;
      const child = item.kind === 'hole' ? this.block?.children[i] : undefined;
      if (!(child instanceof HTMLElement)) continue;
      const above = this.track.top(scroll) - heights.offset(index);
      const shift = Math.max(0, Math.min(above, heights.at(index) - this.track.viewport));
      child.style.setProperty('--shift', `${Math.round(shift)}px`);
    }
  }

  private look(scroll: number): void {
    const { from, to } = this.track.visible(scroll);
    this.conversation.want(from, Math.max(from, to - 1));
    this.firstVisible.value = from;
    this.shiftHoles(scroll);
    const end = this.track.spaceHeight - scroll - this.track.viewport;
    this.away.value = !this.stuck && end > this.track.viewport * 0.5;
  }
}
