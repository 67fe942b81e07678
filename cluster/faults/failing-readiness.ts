import type { ProcessEffect } from './drivers/driver.ts';
import type { FaultType } from './fault-type.ts';

/** The way of a readiness probe's answer is broken, not the service. */
export const failingReadiness: FaultType = {
  id: 'failing-readiness',
  title: 'Failing readiness',
  category: 'process',
  summary: 'Readiness probes fail although the process is fine: the pod leaves its Services.',
  targets: ['service', 'pod', 'node'],
  parameters: [{ name: 'probes', label: 'Share of probes', unit: '%', min: 1, max: 100, default: 100 }],
  duration: { default: 60, max: 900 },
  share: 'one',
  counts: ['failed'],
  counted: 'probe',
  carriers: [
    {
      driver: 'pod-processes',
      order: ({ probes = 100 }): ProcessEffect => ({ type: 'failing-readiness', percent: probes }),
    },
  ],
};
