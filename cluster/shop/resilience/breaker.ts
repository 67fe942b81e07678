import Opossum from 'opossum';
import type { Answer, Call } from '../service/http-client.ts';
import type { Log } from '../service/log.ts';
import type { Policy } from './attempt.ts';
import { breakerMetrics } from './breaker-metrics.ts';
import { CircuitOpen, recordRejection } from './circuit-open.ts';
import type { BreakerSettings } from './edge-settings.ts';

/** A circuit breaker that counts every attempt, the other side's everyday failures included. @throws CircuitOpen while it is open */
export function circuitBreaker(edge: string, settings: BreakerSettings, log: Log): Policy {
  return (attempt) => {
    const breaker: Opossum<[Call], Answer> = new Opossum<[Call], Answer>(attempt, {
      name: edge,
      // Time limits are a policy of their own, with their own switch.
      timeout: false,
      errorThresholdPercentage: settings.thresholdPercent,
      rollingCountTimeout: settings.windowMs,
      volumeThreshold: settings.volume,
      resetTimeout: settings.resetMs,
      // A caller who left says nothing of the other side. opossum takes what is filtered for a success, which a probe must not be
      // taken for: it would close the breaker.
      errorFilter: (_error: unknown, call?: Call) => Boolean(call?.signal?.aborted) && !breaker.halfOpen,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    const report = breakerMetrics(edge);
    const changed = (state: 'closed' | 'half-open' | 'open', openUntil = 0) => {
      log.info('Circuit breaker changed', { circuit: edge, state, openUntil });
      report(state, openUntil, log);
    };
    breaker.on('open', () => changed('open', Date.now() + settings.resetMs));
    breaker.on('halfOpen', () => changed('half-open'));
    breaker.on('close', () => changed('closed'));

    return async (call) => {
      try {
        return await breaker.fire(call);
      } catch (error) {
        if (!Opossum.isOurError(error as Error)) throw error;
        recordRejection(edge);
        throw new CircuitOpen(edge, error);
      }
    };
  };
}
