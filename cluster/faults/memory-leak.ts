import type { ProcessEffect } from './drivers/driver.ts';
import type { FaultType } from './fault-type.ts';

/** Memory is taken and never given back, until the limit of the container ends it. */
export const memoryLeak: FaultType = {
  id: 'memory-leak',
  title: 'Memory leak',
  category: 'process',
  summary: 'A process in the pod takes more and more memory, until its container is ended as OOMKilled; then again.',
  targets: ['service', 'pod', 'node'],
  parameters: [{ name: 'megabytes', label: 'Taken each second', unit: 'MB', min: 1, max: 1_000, default: 20 }],
  duration: { default: 60, max: 900 },
  share: 'one',
  counts: ['killed'],

  carriers: [
    {
      driver: 'pod-processes',
      order: ({ megabytes = 20 }): ProcessEffect => ({ type: 'memory-leak', bytesPerSecond: megabytes * 1_000_000 }),
    },
  ],
};
