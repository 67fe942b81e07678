import type { NetworkFaultKind } from './fault.ts';
import { latency } from './latency.ts';

/** Every kind of network fault, in the order in which they act on one passage. */
export const networkFaultKinds: NetworkFaultKind[] = [latency];
