import { context, propagation, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';

/** Handles a request in a span of its own below the caller's: what a hop costs is what that has beyond the calls in it. */
export async function inHop(
  headers: Record<string, string>,
  name: string,
  handle: () => Promise<Response>,
): Promise<Response> {
  const span = trace.getTracer('shop').startSpan(name, {}, propagation.extract(ROOT_CONTEXT, headers));
  try {
    return await context.with(trace.setSpan(context.active(), span), handle);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
    throw error;
  } finally {
    span.end();
  }
}
