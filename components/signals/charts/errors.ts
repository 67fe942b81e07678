import type { SignalPoint } from '../../../server/contract/signals.ts';
import type { ChartDefinition } from '../chart-definition.ts';

const share = ({ count, errors }: SignalPoint) => (count === 0 ? 0 : (errors / count) * 100);

/** Share of the gateway's answers that were failures: what customers see. */
export const errors: ChartDefinition = {
  id: 'errors',
  title: 'Errors at the edge',
  unit: '%',
  signal: 'gateway',
  headline: share,
  lines: [{ name: 'failed', colour: '--bad', value: share, filled: true }],
  atLeast: 5,
};
