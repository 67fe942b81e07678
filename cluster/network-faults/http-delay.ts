import { byLot, type StreamFaultType } from './stream-fault.ts';

/** So many of a hundred requests get to the callee later by `delayMs`. What is behind them on their connection waits with them. */
export const httpDelay: StreamFaultType<{ delayMs: number; percent: number }> = {
  type: 'http-delay',
  attributes: {
    delayMs: { unit: 'ms', min: 0, max: 60_000 },
    percent: { unit: '%', min: 0, max: 100 },
  },
  begin({ delayMs, percent }) {
    return {
      onHttp: true,
      stages: () => ({ there: ({ request }, at) => (request && byLot(percent) ? at + delayMs : at) }),
    };
  },
};
