import { metrics, trace } from '@opentelemetry/api';
import type { Log } from '../service/log.ts';
import { flushMetrics } from '../service/telemetry-flush.ts';

type State = 'closed' | 'half-open' | 'open';

const stateNumbers: Record<State, number> = { closed: 0, 'half-open': 1, open: 2 };

/**
 * Reports a breaker: what it is now as gauges, and each change as a span of no length, whose id tells it from every other
 * however often it is sent. A change is sent at once, not at the next interval: a learner watches for it.
 *
 * @returns to be called on every change; `openUntil` is in Unix ms, 0 unless open.
 */
export function breakerMetrics(name: string): (state: State, openUntil: number, log: Log) => void {
  const meter = metrics.getMeter('shop');
  const state = meter.createGauge('circuit_breaker.state', { description: '0 closed, 1 half-open, 2 open' });
  const openUntil = meter.createGauge('circuit_breaker.open_until', { unit: 'ms' });
  const attributes = { 'circuit_breaker.name': name };
  let before: State = 'closed';
  state.record(stateNumbers.closed, attributes);
  openUntil.record(0, attributes);

  return (to, until, log) => {
    state.record(stateNumbers[to], attributes);
    openUntil.record(until, attributes);
    const change = { 'circuit_breaker.from': before, 'circuit_breaker.to': to, 'circuit_breaker.open_until': until };
    const startTime = Date.now();
    const options = { root: true, startTime, attributes: { ...attributes, ...change } };
    trace.getTracer('shop').startSpan('circuit_breaker.transition', options).end(startTime);
    before = to;
    flushMetrics().catch((error: Error) => log.warn('The breaker state goes out later', { error }));
  };
}
