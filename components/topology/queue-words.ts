import type { QueueView } from '../../server/contract/topology.ts';
import { count, plural } from '../ui/quantity.ts';

/** `34 wait, 16 in hand of 2 consumers`. */
export function queueWords({ depth, unacked, consumers }: QueueView): string {
  return `${count(depth)} wait, ${count(unacked)} in hand of ${plural(consumers, 'consumer')}`;
}

/** The queue that a broker's card tells of, the longest: `payments: 34 wait`. Null where nothing waits. */
export function longestQueue(queues: readonly QueueView[]): string | null {
  const [longest] = queues.toSorted((a, b) => b.depth - a.depth);
  return longest && longest.depth > 0 ? `${longest.name}: ${count(longest.depth)} wait` : null;
}

/** As many squares are drawn at most. */
const DRAWN = 60;

/** 1, 10, 100 ...: so that a queue of that length is no more than 60 squares. */
export function messagesPerSquare(depth: number): number {
  let per = 1;
  while (depth / per > DRAWN) per *= 10;
  return per;
}
