import { bankFailing } from './bank-failing.ts';
import { bankSlow } from './bank-slow.ts';
import { edgeLatency } from './edge-latency.ts';
import type { FaultType } from './fault-type.ts';
import { podKill } from './pod-kill.ts';

/** Every type of fault there is, in the order the page lists them. */
export const faultTypes: readonly FaultType[] = [bankSlow, bankFailing, edgeLatency, podKill];

export function faultTypeOf(id: string): FaultType | undefined {
  return faultTypes.find((type) => type.id === id);
}
