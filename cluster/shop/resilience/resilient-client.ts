import type { HttpClient } from '../service/http-client.ts';
import type { Log } from '../service/log.ts';
import { FailedAnswer, type Attempt, type Policy } from './attempt.ts';
import { circuitBreaker } from './breaker.ts';
import { bulkheadOf } from './bulkhead.ts';
import type { EdgeSettings } from './edge-settings.ts';
import { lastGoodAnswer } from './fallback.ts';
import { retrying } from './retry.ts';
import { timeLimit } from './time-limit.ts';

/**
 * The HTTP client of one edge (`payments>bank`), with the policies that are switched on:
 *
 *   fallback ( retries ( bulkhead ( breaker ( timeout ( one HTTP call ) ) ) ) )
 *
 * The breaker is inside the retries and counts each attempt. The other way round it would judge the other side by what is
 * left after the repeats: one that fails 6 of 10 calls looks 87 % healthy behind three of them, and the breaker would stay
 * closed while the repeats multiply the load. Inside, an open breaker also ends the repeats. Calls that find no place in
 * the bulkhead were not made, and must not dilute those that the breaker judges by.
 *
 * An answer of 5xx counts as a failure; the caller gets the last one as an answer all the same.
 *
 * @throws from each call CircuitOpen, BulkheadFull, TimeLimitReached, NoAnswer; the reason of the call's signal.
 */
export function resilientClient(http: HttpClient, edge: string, settings: EdgeSettings, log: Log): HttpClient {
  const { timeoutMs, retries, retryBudgetPercent, breaker, bulkhead, fallback } = settings;
  // Innermost first.
  const policies: Policy[] = [
    ...(timeoutMs > 0 ? [timeLimit(timeoutMs)] : []),
    ...(breaker ? [circuitBreaker(edge, breaker, log)] : []),
    ...(bulkhead ? [bulkheadOf(edge, bulkhead)] : []),
    ...(retries === 'none' ? [] : [retrying(edge, retries, retryBudgetPercent)]),
    ...(fallback === 'cached' ? [lastGoodAnswer(edge)] : []),
  ];
  if (policies.length === 0) return http;
  const once: Attempt = async (call) => {
    const answer = await http(call);
    if (answer.status >= 500) throw new FailedAnswer(answer);
    return answer;
  };
  const guarded = policies.reduce((attempt, policy) => policy(attempt), once);
  return async (call) => {
    try {
      return await guarded(call);
    } catch (error) {
      if (error instanceof FailedAnswer) return error.answer;
      throw error;
    }
  };
}
