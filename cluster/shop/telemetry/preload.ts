/**
 * The entry of the telemetry bundle: loaded with --require, before the service. Telemetry must never be the reason that
 * a service does not run, so it is off when no endpoint is set.
 */
import type { Span } from '@opentelemetry/api';
import { httpInstrumentation } from './http-instrumentation.ts';
import { register } from './register.ts';
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';

const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
if (endpoint) {
  register(endpoint.replace(/\/+$/, ''), {
    http: () => httpInstrumentation(),
    // Queries outside a request are the service's own housekeeping; connecting shows as the first query's wait.
    // A message that is delivered again and again would make one trace without end: each delivery is one of its own, linked to its sender.
    amqplib: () => new AmqplibInstrumentation({ useLinksForConsume: true, consumeHook: tellRedelivery }),
    pg: () => new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
  });
}

/** The semantic conventions have no word for it. */
function tellRedelivery(span: Span, { msg }: { msg: { fields: object } }): void {
  if ('redelivered' in msg.fields && msg.fields.redelivered) span.setAttribute('messaging.message.redelivered', true);
}
