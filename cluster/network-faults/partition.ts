import type { Stage, StreamFaultType } from './stream-fault.ts';

/** Two sides that do not reach each other: connecting gets no answer, what is connected hangs. */
export const partition: StreamFaultType<Record<never, number>> = {
  type: 'partition',
  attributes: {},
  begin() {
    const held: Stage = () => Infinity;
    return { stages: () => ({ there: held, back: held }) };
  },
};
