import { metrics } from '@opentelemetry/api';
import type { Log } from '../../../service/log.ts';
import { flushMetrics } from '../../../service/telemetry-flush.ts';

type State = 'closed' | 'half-open' | 'open';

const stateNumbers: Record<State, number> = { closed: 0, 'half-open': 1, open: 2 };

/**
 * Reports a breaker's state. A change is sent at once, not at the next interval: a learner watches for it.
 *
 * @returns to be called on every change; `openUntil` is in Unix ms, 0 unless open.
 */
export function breakerMetrics(name: string): (state: State, openUntil: number, log: Log) => void {
  const meter = metrics.getMeter('shop');
  const state = meter.createGauge('circuit_breaker.state', { description: '0 closed, 1 half-open, 2 open' });
  const openUntil = meter.createGauge('circuit_breaker.open_until', { unit: 'ms' });
  const transitions = meter.createCounter('circuit_breaker.transitions');
  const attributes = { 'circuit_breaker.name': name };
  state.record(stateNumbers.closed, attributes);
  openUntil.record(0, attributes);

  return (to, until, log) => {
    state.record(stateNumbers[to], attributes);
    openUntil.record(until, attributes);
    transitions.add(1, { ...attributes, 'circuit_breaker.to': to });
    flushMetrics().catch((error: Error) => log.warn('The breaker state goes out later', { error }));
  };
}
