import { ServerResponse, type IncomingMessage } from 'node:http';
import { context, createContextKey, SpanStatusCode, type Attributes } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';

/** Set by the services' HTTP client around a repeated call. */
const resendCountKey = createContextKey('http.request.resend_count');
/** Set by the services' HTTP client around a call that has a client span already. */
const ownSpanKey = createContextKey('breakwater.own_client_span');
const probes = new Set(['/healthz', '/readyz']);
const adminPort = Number(process.env['ADMIN_PORT'] || 9000);

/** Server and client spans of node:http by the semantic conventions, but not of probes and administration. */
export function httpInstrumentation(): HttpInstrumentation {
  return new HttpInstrumentation({
    ignoreIncomingRequestHook: ({ url, socket }: IncomingMessage) =>
      probes.has(url ?? '') || socket.localPort === adminPort,
    ignoreOutgoingRequestHook: () => context.active().getValue(ownSpanKey) === true,
    startOutgoingSpanHook: (): Attributes => {
      const resendCount = context.active().getValue(resendCountKey);
      return typeof resendCount === 'number' ? { 'http.request.resend_count': resendCount } : {};
    },
    applyCustomAttributesOnSpan: (span, _request, response) => {
      // Instrumentation would report the status that was never sent, and call it a success.
      if (!(response instanceof ServerResponse) || response.writableFinished) return;
      span.setAttribute('error.type', 'caller_gone');
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'The caller closed the connection before the answer.' });
    },
  });
}
