import { Failure } from '../service/failure.ts';
import { NoAnswer } from '../service/http-client.ts';
import { BulkheadFull } from './bulkhead.ts';
import { CircuitOpen } from './circuit-open.ts';
import { TimeLimitReached } from './time-limit.ts';

/** What a caller is to know of a call on an edge that came to nothing; undefined for an error of another kind. */
export function edgeFailure(destination: string, cause: unknown): Failure | undefined {
  const failure = (status: 502 | 503 | 504, code: string, message: string) =>
    new Failure(status, code, message, { cause });
  if (cause instanceof CircuitOpen)
    return failure(503, 'circuit-open', `Not tried: ${destination} is failing, and is given time to recover.`);
  if (cause instanceof BulkheadFull)
    return failure(503, 'bulkhead-full', `Not tried: as many calls to ${destination} as allowed are under way.`);
  if (cause instanceof TimeLimitReached)
    return failure(504, 'upstream-timeout', `${destination} did not answer in time; it may have acted all the same.`);
  if (cause instanceof NoAnswer)
    return failure(502, 'upstream-unreachable', `${destination} did not answer (${cause.code}).`);
  return undefined;
}
