import { sample, type Point } from './curve.ts';
import { CARD, type PlacedEdge, type Placement } from './graph.ts';

/** What of the topology decides how much room a label or a card takes. */
export interface Adorned {
  /** Edges with a breaker, whose badge stands above their words. */
  breakers: readonly string[];
  /** Services with a border of their own around the card. */
  outside: readonly string[];
}

/** Middle and size, in the graph's own units. */
export interface Box extends Point {
  width: number;
  height: number;
}

/** Two notes at their longest with a fault's flag, and a badge above them with the gap between. */
const CHIP = { width: 178, height: 19 };
const BADGE = 22;
/** What a card has beyond itself: the slots of its pool stand on its lower edge, and a third party has a frame and a name. */
const AROUND = { top: 3, side: 2, bottom: 11 };
const AROUND_OUTSIDE = { top: 13, side: 13, bottom: 20 };
const APART = 1;

/** Where along its edge words may stand, the middle first, and how far from the line, in the graph's units. */
const PLACES = [0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8, 0.15, 0.85, 0.1, 0.9];
const OFFSETS = [0, ...Array.from({ length: 14 }, (_, i) => [-5 * (i + 1), 5 * (i + 1)]).flat()];
const SAMPLES = 41;

/**
 * The room of each edge's words, by the edge's id: on its line or as near as can be, clear of all cards and of each other;
 * where there is no such place, where the least is covered. It is the room for the longest words there are, so that nothing moves
 * when they change.
 */
export function placeLabels(placement: Placement, { breakers, outside }: Adorned): Map<string, Box> {
  const taken = placement.services.map(({ name, x, y }) => {
    const { top, side, bottom } = outside.includes(name) ? AROUND_OUTSIDE : AROUND;
    const [width, height] = [CARD.width + 2 * side, CARD.height + top + bottom];
    return { x: x + CARD.width / 2, y: y - top + height / 2, width, height };
  });
  const labels = new Map<string, Box>();
  const heightOf = ({ id }: PlacedEdge) => CHIP.height + (breakers.includes(id) ? BADGE : 0);
  // First those that have the least choice: the tallest, then the straightest.
  const inTurn = placement.edges.toSorted((a, b) => heightOf(b) - heightOf(a) || rise(a) - rise(b));
  for (const edge of inTurn) {
    const { id, curve } = edge;
    const points = sample(curve, SAMPLES);
    if (points.length === 0) continue;
    const height = heightOf(edge);
    const box = best(candidates(points, height), taken);
    labels.set(id, box);
    taken.push(box);
  }
  return labels;
}

/** By how many units two boxes cover each other; 0 where they are apart. */
export function overlap(a: Box, b: Box): number {
  const reach = (axis: 'x' | 'y', size: 'width' | 'height') =>
    Math.max(0, (a[size] + b[size]) / 2 + APART - Math.abs(a[axis] - b[axis]));
  return reach('x', 'width') * reach('y', 'height');
}

function rise({ curve }: PlacedEdge): number {
  return Math.abs((curve.at(-1)?.[3].y ?? 0) - (curve[0]?.[0].y ?? 0));
}

/** The best first. Between two columns all stand in the middle, so that those of neighbouring columns stay apart. */
function candidates(points: readonly Point[], height: number): Box[] {
  const [start, end] = [points[0]!, points.at(-1)!];
  const middle = end.x - start.x < CARD.width ? (start.x + end.x) / 2 : null;
  return OFFSETS.flatMap((offset) =>
    PLACES.map((place) => {
      const { x, y } = points[Math.round(place * (SAMPLES - 1))]!;
      return {
        box: { x: middle ?? x, y: y + offset, ...CHIP, height },
        far: Math.abs(offset) + 60 * Math.abs(place - 0.5),
      };
    }),
  )
    .sort((a, b) => a.far - b.far)
    .map(({ box }) => box);
}

function best(boxes: Box[], taken: readonly Box[]): Box {
  let least = Infinity;
  let found = boxes[0]!;
  for (const box of boxes) {
    let covered = 0;
    for (const other of taken) covered += overlap(box, other);
    if (covered >= least) continue;
    [least, found] = [covered, box];
    if (covered === 0) break;
  }
  return found;
}
