import type { ProcessEffect } from './drivers/driver.ts';
import type { FaultType } from './fault-type.ts';

/** A neighbour in the pod takes its processor from it for a part of the time; what it burns counts as the pod's use. */
export const cpuHog: FaultType = {
  id: 'cpu-hog',
  title: 'CPU hog',
  category: 'process',
  summary: 'A neighbour burns this part of one processor in the pod, which has none meanwhile.',
  targets: ['service', 'pod', 'node'],
  parameters: [{ name: 'load', label: 'Of one processor', unit: '%', min: 1, max: 95, default: 80 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: [],

  carriers: [
    { driver: 'pod-processes', order: ({ load = 80 }): ProcessEffect => ({ type: 'cpu-hog', percent: load }) },
  ],
};
