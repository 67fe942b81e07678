import Opossum from 'opossum';
import type { Log } from '../../../service/log.ts';
import { breakerMetrics } from './breaker-metrics.ts';
import { BankRefused, type Attempt } from './charge.ts';
import { CircuitOpen, recordRejection } from './circuit-open.ts';
import type { BreakerSettings } from './settings.ts';

/**
 * `attempt` behind a circuit breaker that counts every attempt, the bank's everyday failures included.
 *
 * @throws CircuitOpen while it is open; otherwise what `attempt` throws.
 */
export function circuitBreaker(name: string, attempt: Attempt, settings: BreakerSettings, log: Log): Attempt {
  const breaker = new Opossum(attempt, {
    name,
    // Time limits are a pattern of their own, with its own switch.
    timeout: false,
    errorThresholdPercentage: settings.thresholdPercent,
    rollingCountTimeout: settings.windowMs,
    volumeThreshold: settings.volume,
    resetTimeout: settings.resetMs,
    // The bank is well when it refuses what we asked: that is our mistake.
    errorFilter: (error: unknown) => error instanceof BankRefused && error.status < 500,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  });
  const report = breakerMetrics(name);
  const changed = (state: 'closed' | 'half-open' | 'open', openUntil = 0) => {
    log.info('Circuit breaker changed', { circuit: name, state, openUntil });
    report(state, openUntil, log);
  };
  breaker.on('open', () => changed('open', Date.now() + settings.resetMs));
  breaker.on('halfOpen', () => changed('half-open'));
  breaker.on('close', () => changed('closed'));

  return async (charge, resendCount) => {
    try {
      return await breaker.fire(charge, resendCount);
    } catch (error) {
      if (!Opossum.isOurError(error as Error)) throw error;
      recordRejection(name);
      throw new CircuitOpen(name, error);
    }
  };
}
