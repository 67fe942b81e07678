import { ConstantBackoff, ExponentialBackoff, fullJitterGenerator, handleWhen, retry } from 'cockatiel';
import { BulkheadFull } from './bulkhead.ts';
import type { Policy } from './attempt.ts';
import { CircuitOpen } from './circuit-open.ts';
import { noteDecision } from './decision.ts';
import type { RetryOption } from './edge-settings.ts';
import { RetryBudget } from './retry-budget.ts';

const REPEATS = 3;

const backoffs = {
  naive: new ConstantBackoff(0),
  /**
   * Anything from nothing to 200, 400, 800 ms, so that callers who failed together do not come back together
   * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
   */
  backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 2_000, generator: fullJitterGenerator }),
};

/** Repeats a failed attempt up to three times, as long as the edge's budget lasts. */
export function retrying(edge: string, option: Exclude<RetryOption, 'none'>, budgetPercent: number): Policy {
  const budget = budgetPercent < 100 ? new RetryBudget(budgetPercent) : undefined;
  return (attempt) => (call) => {
    budget?.deposit();
    let failures = 0;
    const mayRepeat = (error: unknown) => {
      failures += 1;
      if (failures > REPEATS || call.signal?.aborted || !worthRepeating(error)) return false;
      if (budget?.withdraw() ?? true) return true;
      noteDecision('retry.budget_exhausted', edge);
      return false;
    };
    const policy = retry(handleWhen(mayRepeat), { maxAttempts: REPEATS, backoff: backoffs[option] });
    policy.onRetry(({ attempt: repeat, delay }) =>
      noteDecision('retry', edge, { 'retry.attempt': repeat, 'retry.delay_ms': Math.round(delay) }),
    );
    return policy.execute(({ attempt: resendCount }) => attempt({ ...call, resendCount }), call.signal);
  };
}

/** Who is turned away on this side asks to be left alone. */
function worthRepeating(error: unknown): boolean {
  return !(error instanceof CircuitOpen || error instanceof BulkheadFull);
}
