import type { Stage, StreamFaultType } from './stream-fault.ts';

/**
 * The end of a connection is told late: who has closed is long gone, and the other side still holds a place for it, or sends into
 * what nobody reads.
 */
export const slowClose: StreamFaultType<{ delayMs: number }> = {
  type: 'slow-close',
  attributes: { delayMs: { unit: 'ms', min: 0, max: 60_000 } },
  begin({ delayMs }) {
    const late: Stage = ({ kind }, at) => (kind === 'end' ? at + delayMs : at);
    return { stages: () => ({ there: late, back: late }) };
  },
};
