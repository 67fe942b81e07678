import {
  context,
  createContextKey,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
} from '@opentelemetry/api';
import type { Answer, Call } from './http-client.ts';

/** Read by the telemetry preload, which has its own copy of the API: such keys are equal across copies. */
const ownSpanKey = createContextKey('breakwater.own_client_span');

/** A context in which the HTTP instrumentation makes no span of its own: what is called there has one. */
export function withOwnSpan(inside: Context): Context {
  return inside.setValue(ownSpanKey, true);
}

/**
 * Makes a call in a client span that begins now, before the request is made: what the call waits for on this side is part of it.
 * Names and attributes are those of the HTTP instrumentation, which leaves this call alone.
 */
export async function inClientSpan(call: Call, send: (call: Call) => Promise<Answer>): Promise<Answer> {
  const { method, url, resendCount } = call;
  const { hostname, port, protocol } = new URL(url);
  const span = trace.getTracer('shop').startSpan(method, {
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': method,
      'url.full': url,
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
      ...(resendCount && { 'http.request.resend_count': resendCount }),
    },
  });
  const inside = withOwnSpan(trace.setSpan(context.active(), span));
  const headers: Record<string, string> = { ...call.headers };
  propagation.inject(inside, headers);
  try {
    const answer = await context.with(inside, () => send({ ...call, headers }));
    span.setAttribute('http.response.status_code', answer.status);
    if (answer.status >= 400) {
      span.setAttribute('error.type', String(answer.status));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    return answer;
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string };
    span.setAttribute('error.type', name === 'timeout' ? name : (code ?? name));
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span.end();
  }
}
