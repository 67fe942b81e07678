import type { Environment } from '../service/environment.ts';

const retryOptions = ['none', 'naive', 'backoff'] as const;
export type RetryOption = (typeof retryOptions)[number];

/** The policies on one edge, as the environment of its caller has them. Each is a variable, so that switching one is a change of configuration. */
export interface EdgeSettings {
  /** Ms for one attempt; 0: wait for as long as it takes. */
  timeoutMs: number;
  retries: RetryOption;
  /** Repeats per 100 calls that are allowed; 100 or more sets no bound. */
  retryBudgetPercent: number;
  breaker: BreakerSettings | undefined;
  bulkhead: BulkheadSettings | undefined;
  /** `cached`: the last good answer stands in for a GET that fails. */
  fallback: 'none' | 'cached';
}

export interface BreakerSettings {
  /** Opens when more than this percentage of the calls in the window failed. */
  thresholdPercent: number;
  windowMs: number;
  /** Fewer calls than this in the window say nothing. */
  volume: number;
  /** How long it stays open before it lets a probe through. */
  resetMs: number;
}

export interface BulkheadSettings {
  /** Calls under way at once. */
  limit: number;
  /** Calls that wait for a place; more are turned away. */
  queue: number;
}

/**
 * Reads the policies of the edge to `destination`: `BANK_TIMEOUT_MS`, `BANK_RETRIES` ... for `bank`. Without them nothing is on.
 *
 * @throws EnvironmentError that names the variable and what it may be.
 */
export function edgeSettings({ integer, oneOf }: Environment, destination: string): EdgeSettings {
  const name = (policy: string) => `${destination.toUpperCase().replaceAll('-', '_')}_${policy}`;
  const limit = integer(name('BULKHEAD'), { min: 0, max: 10_000, fallback: 0 });
  return {
    timeoutMs: integer(name('TIMEOUT_MS'), { min: 0, max: 60_000, fallback: 0 }),
    retries: oneOf(name('RETRIES'), retryOptions, 'none'),
    retryBudgetPercent: integer(name('RETRY_BUDGET_PERCENT'), { min: 1, max: 100, fallback: 100 }),
    breaker:
      oneOf(name('BREAKER'), ['off', 'library'] as const, 'off') === 'off'
        ? undefined
        : {
            thresholdPercent: integer(name('BREAKER_THRESHOLD'), { min: 1, max: 100, fallback: 50 }),
            windowMs: integer(name('BREAKER_WINDOW_MS'), { min: 100, max: 600_000, fallback: 10_000 }),
            volume: integer(name('BREAKER_VOLUME'), { min: 1, max: 10_000, fallback: 10 }),
            resetMs: integer(name('BREAKER_RESET_MS'), { min: 100, max: 600_000, fallback: 15_000 }),
          },
    bulkhead: limit
      ? { limit, queue: integer(name('BULKHEAD_QUEUE'), { min: 0, max: 10_000, fallback: 0 }) }
      : undefined,
    fallback: oneOf(name('FALLBACK'), ['none', 'cached'] as const, 'none'),
  };
}
