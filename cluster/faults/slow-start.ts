import type { ProcessEffect } from './drivers/driver.ts';
import type { FaultType } from './fault-type.ts';

/** What is started takes longer before it serves: rollouts, restarts and scaling wait for it. */
export const slowStart: FaultType = {
  id: 'slow-start',
  title: 'Slow start',
  category: 'process',
  summary:
    'Containers that are started meanwhile are held at their start for so long; probes look at them all the same.',
  targets: ['service', 'pod', 'node'],
  parameters: [{ name: 'seconds', label: 'Longer by', unit: 's', min: 1, max: 120, default: 10 }],
  duration: { default: 120, max: 900 },
  share: '100%',
  counts: ['delayed'],
  counted: 'start',
  carriers: [
    {
      driver: 'pod-processes',
      order: ({ seconds = 10 }): ProcessEffect => ({ type: 'slow-start', delayMs: seconds * 1000 }),
    },
  ],
};
