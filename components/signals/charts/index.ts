import type { ChartDefinition } from '../chart-definition.ts';
import { errors } from './errors.ts';
import { inFlight } from './in-flight.ts';
import { latency } from './latency.ts';
import { throughput } from './throughput.ts';

/** The charts of the dock, from left to right. */
export const charts: readonly ChartDefinition[] = [throughput, errors, latency, inFlight];
