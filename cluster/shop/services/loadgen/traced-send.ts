import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { NoAnswer, type Answer, type HttpClient } from '../../service/http-client.ts';
import type { Entrance } from './entrance.ts';

export interface StepRequest {
  method: 'GET' | 'POST';
  path: string;
  /** The path with its variable parts named: `/api/products/:id`. */
  route: string;
  token?: string;
  json?: unknown;
  /** Sent as it is, instead of `json`; `headers` say what it is. */
  body?: Uint8Array;
  headers?: Record<string, string>;
}

/** Sends a request; undefined when there was no answer within the customer's patience. Never throws. */
export type Send = (request: StepRequest, intended: number) => Promise<Answer | undefined>;

/** The header that a logged-in customer sends. */
export function bearer(token: string | undefined): Record<string, string> {
  return token ? { authorization: `Bearer ${token}` } : {};
}

class CustomerGaveUp extends Error {
  constructor(ms: number) {
    super(`The customer gave up after ${ms} ms.`);
    this.name = 'timeout';
  }
}

/**
 * Sends each request in a client span that begins at the *intended* moment, so that time spent waiting for a late
 * generator counts as the customer's waiting. `breakwater.customer` marks it as what a customer felt. The HTTP instrumentation would begin it at the actual one; it is
 * switched off in this service.
 */
export function tracedSend(http: HttpClient, entrance: Entrance, patienceMs: number): Send {
  const tracer = trace.getTracer('loadgen');
  return async ({ method, path, route, token, json, body, headers }, intended) => {
    // The wall clock is asked once: it may be set, and the monotonic one stands still while the machine sleeps.
    const begun = Date.now() - (performance.now() - intended);
    const url = entrance(path);
    const { hostname, pathname } = new URL(url);
    const span = tracer.startSpan(`${method} ${route}`, {
      kind: SpanKind.CLIENT,
      startTime: begun,
      attributes: {
        'breakwater.customer': true,
        'http.request.method': method,
        'url.path': pathname,
        'url.template': route,
        'server.address': hostname,
      },
    });
    const carrier: Record<string, string> = { ...headers, ...bearer(token) };
    propagation.inject(trace.setSpan(context.active(), span), carrier);
    const patience = new AbortController();
    const left = intended + patienceMs - performance.now();
    const timer = setTimeout(() => patience.abort(new CustomerGaveUp(patienceMs)), Math.max(0, left));
    try {
      const sent = { method, url, headers: carrier, json, ...(body && { body }) };
      const answer = await http({ ...sent, signal: patience.signal });
      span.setAttribute('http.response.status_code', answer.status);
      if (answer.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      return answer;
    } catch (error) {
      const { name, message } = error as Error;
      span.setAttribute('error.type', error instanceof NoAnswer ? error.code : name);
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      return undefined;
    } finally {
      clearTimeout(timer);
      span.end(begun + (performance.now() - intended));
    }
  };
}
