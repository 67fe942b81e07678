import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context as TraceContext,
} from '@opentelemetry/api';
import { z } from 'zod/v3';
import { withOwnSpan } from './client-span.ts';
import type { RouteContext } from './routes.ts';

/** What of S3's event records (docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html) is read here. */
const bucketEvent = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string(),
        s3: z.object({
          bucket: z.object({ name: z.string() }),
          /** `userMetadata` is MinIO's own. */
          object: z.object({ key: z.string(), userMetadata: z.record(z.string()).optional() }),
        }),
      }),
    )
    .min(1)
    .max(100),
});
export type BucketEvent = z.infer<typeof bucketEvent>;

/** Undefined for what is no event of a bucket. */
export function readBucketEvent(body: Buffer): BucketEvent | undefined {
  try {
    return bucketEvent.safeParse(JSON.parse(body.toString())).data;
  } catch {
    return undefined;
  }
}

/** Keys come as in a query: `a+b%2Fc`. */
export function keysOf({ Records }: BucketEvent): string[] {
  return Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' ')));
}

/** What a trace needs to go on where an object's event is handled, put beside the object: a bucket passes no headers on. */
export function traceMetadata(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/**
 * Handles a request that may be an event of a bucket, in a span of the trace that the caller's headers name, else the one in which
 * the object was put. The HTTP instrumentation knows the former alone: services that handle events switch it off.
 *
 * @param source where events come from, for the edge: the store does not say it
 */
export async function inEventSpan(
  c: RouteContext,
  event: BucketEvent | undefined,
  source: string,
  handle: () => Promise<Response>,
): Promise<Response> {
  const caller = propagation.extract(ROOT_CONTEXT, c.req.header());
  const called = trace.getSpanContext(caller) !== undefined;
  const isMessage = !called && event !== undefined;
  const name = `${c.req.method} ${c.req.path}`;
  const span = trace.getTracer('shop').startSpan(
    isMessage ? `process ${event.Records[0]!.eventName}` : name,
    {
      kind: isMessage ? SpanKind.CONSUMER : SpanKind.SERVER,
      attributes: isMessage
        ? { 'messaging.system': 's3', 'messaging.operation.type': 'process', 'server.address': source }
        : { 'http.request.method': c.req.method, 'http.route': c.req.path },
    },
    isMessage ? traceOf(event) : caller,
  );
  try {
    const response = await context.with(withOwnSpan(trace.setSpan(context.active(), span)), handle);
    span.setAttribute('http.response.status_code', response.status);
    if (response.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    return response;
  } catch (error) {
    const { name: type, message } = error as Error;
    span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span.end();
  }
}

function traceOf({ Records }: BucketEvent): TraceContext {
  const metadata = Object.entries(Records[0]!.s3.object.userMetadata ?? {});
  const carrier = metadata.map(([name, value]) => [name.toLowerCase().replace(/^x-amz-meta-/, ''), value]);
  return propagation.extract(ROOT_CONTEXT, Object.fromEntries(carrier));
}
