import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** Messages come late to the consumer, and its acknowledgements late to the broker: how many it handles a second is what it has in hand by the delay. */
export const slowConsumer: FaultType = {
  id: 'slow-consumer',
  title: 'Slow consumer',
  category: 'queue',
  summary: 'All between a consumer and its broker is held back: choose the edge from the consumer to the broker.',
  targets: ['edge'],
  parameters: [{ name: 'delayMs', label: 'Delay each way', unit: 'ms', min: 1, max: 10_000, default: 1_000 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['delayed'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ delayMs = 1 }): StreamFault => ({ type: 'latency', attributes: { delayMs, jitterMs: 0 } }),
    },
  ],
};
