import { Failure } from '../../../service/failure.ts';
import { CircuitOpen } from '../../../resilience/circuit-open.ts';
import { TimeLimitReached } from '../../../resilience/time-limit.ts';

/** The bank answered, but did not do it. */
export class BankRefused extends Error {
  readonly code = 'bank-refused';
  readonly status: number;
  /** The code of its failure, or of what a proxy on the way makes of a call. */
  readonly reason: string | undefined;

  constructor(status: number, reason?: string) {
    super(`The bank answered ${status}.`);
    this.name = 'BankRefused';
    this.status = status;
    this.reason = reason;
  }
}

/** Whether the same may succeed later: what the bank finds wrong stays wrong. */
export function mayPass(failure: unknown): boolean {
  const { cause } = failure as Failure;
  return !(cause instanceof BankRefused) || cause.status >= 500;
}

/** What the caller of payments gets to know. */
export function chargeFailure(cause: unknown): Failure {
  const reason = cause instanceof BankRefused ? cause.reason : undefined;
  if (cause instanceof CircuitOpen || reason === 'circuit-open') {
    return new Failure(503, 'bank-circuit-open', 'Not charged: the bank is failing, and is given time to recover.', {
      cause,
    });
  }
  if (cause instanceof TimeLimitReached || reason === 'upstream-timeout') {
    return new Failure(504, 'bank-timeout', 'The bank did not answer in time; it may have charged all the same.', {
      cause,
    });
  }
  return new Failure(502, 'bank-failed', 'The bank could not be reached or did not charge.', { cause });
}
