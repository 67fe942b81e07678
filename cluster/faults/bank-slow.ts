import { activeAtBank, bankEvidence, bankTargets, recoverBank, tellBank } from './bank-behaviour.ts';
import type { Fault } from './fault.ts';

/** The third party answers late: calls wait before the bank answers, whoever calls it. */
export const bankSlow: Fault = {
  id: 'bank-slow',
  title: 'Slow dependency',
  category: 'dependency',
  summary: 'Part of the calls to the bank are answered late.',
  targetKind: 'service',
  parameters: [
    { name: 'delayMs', label: 'Delay', unit: 'ms', min: 0, max: 30_000, default: 3_000 },
    { name: 'percent', label: 'Share of calls', unit: '%', min: 1, max: 100, default: 60 },
  ],
  duration: { default: 60, max: 900 },
  targets: bankTargets,
  apply: tellBank,
  recover: recoverBank,
  evidence: bankEvidence,
  active: (cluster) => activeAtBank(cluster, 'bank-slow'),
};
