import { activeAtBank, bankEvidence, bankTargets, recoverBank, tellBank } from './bank-behaviour.ts';
import type { Fault } from './fault.ts';

/** The third party is in trouble: part of its answers are 503. */
export const bankFailing: Fault = {
  id: 'bank-failing',
  title: 'Failing dependency',
  category: 'dependency',
  summary: 'Part of the calls to the bank are answered with 503.',
  targetKind: 'service',
  parameters: [{ name: 'percent', label: 'Share of calls', unit: '%', min: 1, max: 100, default: 50 }],
  duration: { default: 60, max: 900 },
  targets: bankTargets,
  apply: tellBank,
  recover: recoverBank,
  evidence: bankEvidence,
  active: (cluster) => activeAtBank(cluster, 'bank-failing'),
};
