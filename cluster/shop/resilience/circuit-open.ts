import { SpanStatusCode, trace } from '@opentelemetry/api';

/** The breaker turned the call away: the bank was not asked. */
export class CircuitOpen extends Error {
  readonly code = 'circuit_open';

  constructor(circuit: string, cause: unknown) {
    super(`The circuit ${circuit} is open.`, { cause });
    this.name = 'CircuitOpen';
  }
}

/** A call that is not made has no client span; this one says in the trace why. */
export function recordRejection(circuit: string): void {
  const span = trace.getTracer('shop').startSpan('circuit_breaker.rejected', {
    attributes: { 'circuit_breaker.name': circuit, 'error.type': 'circuit_open' },
  });
  span.setStatus({ code: SpanStatusCode.ERROR, message: `The circuit ${circuit} is open.` }).end();
}
