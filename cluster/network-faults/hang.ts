import type { Stage, StreamFaultType } from './stream-fault.ts';

/**
 * A black hole: connections are made and take what is sent, and nothing comes out at the other end, no byte and no end. What was
 * held goes on when it is over, as after a cut of the network that TCP has outlasted.
 */
export const hang: StreamFaultType<Record<never, number>> = {
  type: 'hang',
  attributes: {},
  begin() {
    const held: Stage = ({ kind }, at) => (kind === 'open' ? at : Infinity);
    return { stages: () => ({ there: held, back: held }) };
  },
};
