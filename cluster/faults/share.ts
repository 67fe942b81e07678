import { createHash } from 'node:crypto';

/** Blast radius: of the pods a fault could hit, `one`, a fixed number, or a part of them as `50%`, rounded up. */
export type Share = 'one' | number | `${number}%`;

/** What is wrong with it, in words; null when nothing is. */
export function shareProblem(share: unknown): string | null {
  if (share === 'one' || (Number.isInteger(share) && (share as number) >= 1)) return null;
  const percent = typeof share === 'string' ? /^(\d{1,3})%$/.exec(share)?.[1] : undefined;
  if (percent !== undefined && Number(percent) >= 1 && Number(percent) <= 100) return null;
  return 'must be "one", a whole number from 1, or a percentage from "1%" to "100%"';
}

/**
 * Picks pods: those hit already, which stay hit as long as they are there, though the share may be of fewer pods by now; then
 * by lot, the same lot each time for the same `seed`, so that a restarted controller picks the same.
 */
export function choose(share: Share, uids: readonly string[], kept: ReadonlySet<string>, seed: string): string[] {
  const lot = (uid: string) => createHash('sha256').update(`${seed}/${uid}`).digest('hex');
  const ranked = uids.map((uid) => ({ uid, rank: `${kept.has(uid) ? 0 : 1}${lot(uid)}` }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const hit = uids.filter((uid) => kept.has(uid)).length;
  return ranked.slice(0, Math.max(hit, sizeOf(share, uids.length))).map(({ uid }) => uid);
}

function sizeOf(share: Share, all: number): number {
  if (share === 'one') return 1;
  return typeof share === 'number' ? share : Math.ceil((all * Number.parseFloat(share)) / 100);
}
