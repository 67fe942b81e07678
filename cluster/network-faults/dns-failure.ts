import { byLot, type StreamFaultType } from './stream-fault.ts';

/**
 * The callee's name is not found: at once by the word that there is none (NXDOMAIN), or after `waitMs` without a word (EAI_AGAIN).
 * Who is connected needs no name: `cutPercent` of the connections that stand are reset when it begins, so that their callers meet it.
 */
export const dnsFailure: StreamFaultType<{ percent: number; waitMs: number; cutPercent: number }> = {
  type: 'dns-failure',
  attributes: {
    percent: { unit: '%', min: 0, max: 100 },
    waitMs: { unit: 'ms', min: 0, max: 60_000 },
    cutPercent: { unit: '%', min: 0, max: 100 },
  },
  begin({ percent, waitMs, cutPercent }) {
    return {
      cutsStanding: () => byLot(cutPercent),
      lookup() {
        if (!byLot(percent)) return null;
        return { error: waitMs > 0 ? 'EAI_AGAIN' : 'ENOTFOUND', afterMs: waitMs };
      },
    };
  },
};
