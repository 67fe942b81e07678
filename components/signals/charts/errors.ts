import type { SignalPoint } from '../../../server/contract/signals.ts';
import type { ChartDefinition } from '../chart-definition.ts';

const share = ({ count, errors }: SignalPoint) => (count === 0 ? null : (errors / count) * 100);

/** Share of customers' requests that failed, dropped ones included; without requests there is no share. */
export const errors: ChartDefinition = {
  id: 'errors',
  title: 'Errors for customers',
  unit: '%',
  signal: 'customer',
  headline: share,
  lines: [{ name: 'failed', colour: '--bad', value: share, filled: true }],
  atLeast: 5,
};
