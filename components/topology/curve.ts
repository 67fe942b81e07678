export interface Point {
  x: number;
  y: number;
}

/** Cubic Bézier pieces, end to end: start, two control points, end. */
export type Curve = [Point, Point, Point, Point][];

/** As the `d` of an SVG path. */
export function toPath(curve: Curve): string {
  const start = curve[0]?.[0];
  if (!start) return '';
  const at = ({ x, y }: Point) => `${x.toFixed(1)},${y.toFixed(1)}`;
  return `M${at(start)} ${curve.map(([, a, b, end]) => `C${at(a)} ${at(b)} ${at(end)}`).join(' ')}`;
}

function bezier([p, a, b, q]: Curve[number], t: number): Point {
  const u = 1 - t;
  const [w0, w1, w2, w3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return { x: w0 * p.x + w1 * a.x + w2 * b.x + w3 * q.x, y: w0 * p.y + w1 * a.y + w2 * b.y + w3 * q.y };
}

/** `count` points at even distances along the whole curve, both ends included. */
export function sample(curve: Curve, count: number): Point[] {
  const fine = curve.flatMap((piece) => Array.from({ length: 32 }, (_, i) => bezier(piece, i / 32)));
  const last = curve.at(-1)?.[3];
  if (!last) return [];
  fine.push(last);
  const lengths = [0];
  for (let i = 1; i < fine.length; i += 1) {
    lengths.push(lengths[i - 1]! + Math.hypot(fine[i]!.x - fine[i - 1]!.x, fine[i]!.y - fine[i - 1]!.y));
  }
  const total = lengths.at(-1)!;
  let from = 0;
  return Array.from({ length: count }, (_, i) => {
    const goal = (total * i) / (count - 1);
    while (from < fine.length - 2 && lengths[from + 1]! < goal) from += 1;
    const span = lengths[from + 1]! - lengths[from]! || 1;
    return between(fine[from]!, fine[from + 1]!, (goal - lengths[from]!) / span);
  });
}

const between = (a: Point, b: Point, t: number): Point => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
