import { byLot, type StreamFaultType } from './stream-fault.ts';

/**
 * So many of a hundred calls end with a reset of their connection, at both ends: ECONNRESET. Of these `answeredPercent` do so when
 * the answer comes, so that the callee has done what it was asked, and the caller does not know; the others before the callee hears of it.
 */
export const reset: StreamFaultType<{ percent: number; answeredPercent: number }> = {
  type: 'reset',
  attributes: {
    percent: { unit: '%', min: 0, max: 100 },
    answeredPercent: { unit: '%', min: 0, max: 100 },
  },
  begin({ percent, answeredPercent }) {
    const stages = () => {
      let cutsAnswer = false;
      return {
        there: ({ kind, begins }: { kind: string; begins?: boolean }, at: number) => {
          if (kind !== 'data' || !begins || !byLot(percent)) return at;
          cutsAnswer = byLot(answeredPercent);
          return cutsAnswer ? at : ('reset' as const);
        },
        back: ({ kind }: { kind: string }, at: number) => (cutsAnswer && kind === 'data' ? ('reset' as const) : at),
      };
    };
    return { stages };
  },
};
