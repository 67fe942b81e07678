import { Failure } from '../../../service/failure.ts';
import { CircuitOpen } from '../../../resilience/circuit-open.ts';
import { TimeLimitReached } from '../../../resilience/time-limit.ts';

/** What the caller of payments gets to know. */
export function chargeFailure(cause: unknown): Failure {
  if (cause instanceof CircuitOpen) {
    return new Failure(503, 'bank-circuit-open', 'Not charged: the bank is failing, and is given time to recover.', {
      cause,
    });
  }
  if (cause instanceof TimeLimitReached) {
    return new Failure(504, 'bank-timeout', 'The bank did not answer in time; it may have charged all the same.', {
      cause,
    });
  }
  return new Failure(502, 'bank-failed', 'The bank could not be reached or did not charge.', { cause });
}
