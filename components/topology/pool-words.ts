import type { PoolView } from '../../server/contract/topology.ts';
import { count } from '../ui/quantity.ts';

/** Nobody finds a place at once. */
export function isFull({ size, used }: PoolView): boolean {
  return size > 0 && used >= size;
}

/** `16 of 16 taken, 34 waiting`. */
export function poolWords({ size, used, waiting }: PoolView): string {
  return `${count(used)} of ${count(size)} taken, ${count(waiting)} waiting`;
}

/** `16/16`, and who waits: for where there is little room. */
export function poolFigures({ size, used, waiting }: PoolView): string {
  return `${count(used)}/${count(size)}${waiting > 0 ? `, ${count(waiting)} wait` : ''}`;
}

/** The pool that a card draws: where most wait, else the fullest. Undefined where the service has none. */
export function tightest(pools: readonly PoolView[]): PoolView | undefined {
  const share = ({ size, used }: PoolView) => (size > 0 ? used / size : 0);
  return pools.toSorted((a, b) => b.waiting - a.waiting || share(b) - share(a))[0];
}
