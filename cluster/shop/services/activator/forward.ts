import { metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { inClientSpan } from '../../service/client-span.ts';
import { Failure } from '../../service/failure.ts';
import { httpClient, NoAnswer, type Answer } from '../../service/http-client.ts';
import { callerGone, type RouteContext } from '../../service/routes.ts';
import type { HeldRequests, Place } from './held-requests.ts';

/** Of a request to an instance that is just gone. */
const tries = 3;
const passedOn = ['content-type', 'accept', 'idempotency-key'];

/**
 * Passes a request on to an instance of the function, once there is a place at one; the wait is a span of its own: `cold start` where
 * no instance was ready, `wait for an instance` where all had enough to do.
 *
 * @param address of the function's Service, by which the call is named
 * @throws Failure 502 `function-failed`, 503 `too-many-held`, 504 `no-instance`.
 */
export function forwardTo(address: string, held: HeldRequests) {
  const http = httpClient();
  const coldStarts = metrics.getMeter('shop').createCounter('activator.cold_starts', { unit: '{request}' });

  async function placeOf(signal: AbortSignal): Promise<Place> {
    const free = held.take();
    if (free) return free;
    const cold = held.limit === 0;
    if (cold) coldStarts.add(1);
    const span = trace.getTracer('shop').startSpan(cold ? 'cold start' : 'wait for an instance');
    try {
      return await held.wait(signal);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
      throw error;
    } finally {
      span.end();
    }
  }

  async function sendTo(
    { url, leave }: Place,
    call: Parameters<typeof inClientSpan>[0],
    path: string,
  ): Promise<Answer> {
    try {
      return await inClientSpan(call, (sent) => http({ ...sent, url: url + path }));
    } finally {
      leave();
    }
  }

  return async (c: RouteContext, body: Buffer): Promise<Response> => {
    const { method } = c.req;
    const { pathname, search } = new URL(c.req.url);
    const path = pathname + search;
    const signal = callerGone(c);
    const headers: Record<string, string> = {};
    for (const name of passedOn) {
      const value = c.req.header(name);
      if (value) headers[name] = value;
    }
    const call = { method, url: address + path, headers, signal, ...(body.length > 0 && { body }) };
    for (let attempt = 1; ; attempt += 1) {
      const place = await placeOf(signal);
      try {
        const answer = await sendTo(place, call, path);
        return c.body(new Uint8Array(answer.body), answer.status as 200, {
          'content-type': answer.headers['content-type'] ?? 'application/json',
        });
      } catch (cause) {
        if (!(cause instanceof NoAnswer)) throw cause;
        // It never came there, so it may go elsewhere: the instance is on its way out.
        const refused = cause.code === 'ECONNREFUSED' || cause.code === 'EHOSTUNREACH';
        if (refused) held.lost(place.url);
        if (refused && attempt < tries) continue;
        throw new Failure(502, 'function-failed', `${address} gave no answer: ${cause.message}`, { cause });
      }
    }
  };
}
