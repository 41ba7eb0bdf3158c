// Where people stand in the picture of my ties: I in the middle, my inviter above me, the others clockwise in the order in
// which we were tied. The same ties give the same picture.

export interface Spot {
  readonly x: number;
  readonly y: number;
}

const ringGap = 118;
// As many on a ring as stand apart on it: the first takes seven, each further one six more.
const firstRing = 7;
const ringGrowth = 6;

/** Spots around (0, 0); the first is straight above. */
export function spotsFor(count: number): Spot[] {
  const spots: Spot[] = [];
  for (let ring = 0; spots.length < count; ring++) {
    const room = firstRing + ring * ringGrowth;
    const here = Math.min(room, count - spots.length);
    const radius = (ring + 1) * ringGap;
    // Every other ring is turned by half a step, so that names do not stand behind one another.
    const turn = ring % 2 === 0 ? 0 : 0.5;
    for (let i = 0; i < here; i++) {
      const angle = ((i + turn) / here) * 2 * Math.PI - Math.PI / 2;
      spots.push({ x: Math.round(Math.cos(angle) * radius * 1.18), y: Math.round(Math.sin(angle) * radius) });
    }
  }
  return spots;
}

/** A thread between the middle and a spot, slack like a cord. */
export function threadTo({ x, y }: Spot): string {
  const bend = 0.12;
  const cx = Math.round(x / 2 - y * bend);
  const cy = Math.round(y / 2 + x * bend);
  return `M0 0Q${cx} ${cy} ${x} ${y}`;
}

// Room for a seal and its name around the outermost spots. Never narrower than a phone, so that few people do not become
// giants.
const aroundX = 64;
const aroundY = 52;
const leastWidth = 340;

export function frameOf(spots: readonly Spot[]): { x: number; y: number; width: number; height: number } {
  const xs = [0, ...spots.map(({ x }) => x)];
  const ys = [0, ...spots.map(({ y }) => y)];
  const reach = Math.max(leastWidth / 2, ...xs.map((x) => Math.abs(x) + aroundX));
  const top = Math.min(...ys) - aroundY;
  return { x: -reach, y: top, width: reach * 2, height: Math.max(...ys) + aroundY - top };
}
