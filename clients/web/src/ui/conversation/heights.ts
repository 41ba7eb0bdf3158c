// Heights of a hundred thousand items, most of them never seen: estimated until measured. A Fenwick tree makes both
// questions cheap (where does an item begin; which item is at this height) and each correction too: O(log n).

export class Heights {
  private height: Float64Array = new Float64Array(0);
  private tree: Float64Array = new Float64Array(1);
  private count = 0;

  get length(): number {
    return this.count;
  }

  get total(): number {
    return this.offset(this.count);
  }

  at(index: number): number {
    return index >= 0 && index < this.count ? this.height[index]! : 0;
  }

  /** Puts `added` in the place of `removed` items at `from`. At the end O(added log n), elsewhere O(n). */
  splice(from: number, removed: number, added: readonly number[]): void {
    const end = from + removed;
    const count = this.count - removed + added.length;
    const atEnd = end === this.count && removed === 0;
    if (count > this.height.length) this.reserve(Math.max(64, count + (count >> 1)));
    this.height.copyWithin(from + added.length, end, this.count);
    this.height.set(added, from);
    this.count = count;
    if (atEnd && added.length < 64) for (let i = from; i < count; i++) this.link(i);
    else this.rebuild();
  }

  /** Returns by how much the item grew; 0 when it is as it was. */
  set(index: number, height: number): number {
    const change = height - this.at(index);
    if (Math.abs(change) < 0.05) return 0; // sub-pixel noise of zoomed screens is no change
    this.height[index] = height;
    for (let i = index + 1; i <= this.count; i += i & -i) this.tree[i]! += change;
    return change;
  }

  /** Pixels above an item. `index` may be `length`: the total. */
  offset(index: number): number {
    let sum = 0;
    for (let i = Math.min(index, this.count); i > 0; i -= i & -i) sum += this.tree[i]!;
    return sum;
  }

  /** The item that covers a height; items of no height are passed over. Clamped to the first and last. */
  indexAt(y: number): number {
    if (this.count === 0 || y < 0) return 0;
    let index = 0;
    let rest = y;
    for (let step = 1 << (31 - Math.clz32(this.count)); step > 0; step >>= 1) {
      const next = index + step;
      if (next <= this.count && this.tree[next]! <= rest) {
        index = next;
        rest -= this.tree[next]!;
      }
    }
    return Math.min(index, this.count - 1);
  }

  // Room grows by half, so that a busy conversation does not copy at each message.
  private reserve(room: number): void {
    const height = new Float64Array(room);
    height.set(this.height.subarray(0, this.count));
    const tree = new Float64Array(room + 1);
    tree.set(this.tree.subarray(0, this.count + 1));
    this.height = height;
    this.tree = tree;
  }

  // A node of the tree from its finished children: what a new last item needs.
  private link(index: number): void {
    const node = index + 1;
    let sum = this.height[index]!;
    for (let child = node - 1; child > node - (node & -node); child -= child & -child) sum += this.tree[child]!;
    this.tree[node] = sum;
  }

  private rebuild(): void {
    this.tree.fill(0);
    for (let i = 1; i <= this.count; i++) {
      this.tree[i]! += this.height[i - 1]!;
      const parent = i + (i & -i);
      if (parent <= this.count) this.tree[parent]! += this.tree[i]!;
    }
  }
}
