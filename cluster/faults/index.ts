import { bankFailing } from './bank-failing.ts';
import { bankSlow } from './bank-slow.ts';
import { edgeLatency } from './edge-latency.ts';
import type { Fault } from './fault.ts';
import { podKill } from './pod-kill.ts';

/** Every fault there is, in the order the page lists them. */
export const faults: readonly Fault[] = [bankSlow, bankFailing, edgeLatency, podKill];
