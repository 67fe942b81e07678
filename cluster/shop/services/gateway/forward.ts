import { requestBody } from '../../service/body.ts';
import { edgeFailure } from '../../resilience/edge-failure.ts';
import type { HttpClient } from '../../service/http-client.ts';
import { callerGone, type RouteContext } from '../../service/routes.ts';

/** What of a customer's request an upstream gets to see; who the customer is, only the gateway says. */
const forwarded = ['accept', 'content-type', 'idempotency-key'];

export interface Passing {
  /** Headers that say who the customer is. */
  identity?: Record<string, string>;
  /** What a good answer's content becomes. */
  shape?: ((content: Buffer) => Buffer) | undefined;
}

/**
 * Passes a request on and its answer back. A customer who leaves takes the call along, so that nobody works for an
 * answer no one will read.
 *
 * @param http with the policies of the edge to `destination`
 * @throws Failure 502 `upstream-unreachable`, 503 `circuit-open` and `bulkhead-full`, 504 `upstream-timeout`.
 */
export function forwardTo(destination: string, http: HttpClient) {
  return async (c: RouteContext, url: string, { identity, shape }: Passing = {}) => {
    const { method } = c.req;
    const signal = callerGone(c);
    const headers: Record<string, string> = { ...identity };
    for (const name of forwarded) {
      const value = c.req.header(name);
      if (value) headers[name] = value;
    }
    const body = method === 'GET' ? undefined : await requestBody(c);
    try {
      const answer = await http({ method, url, headers, signal, ...(body && { body }) });
      const content = shape && answer.status === 200 ? shape(answer.body) : answer.body;
      const retryAfter = answer.headers['retry-after'];
      return c.body(new Uint8Array(content), answer.status as 200, {
        'content-type': answer.headers['content-type'] ?? 'application/json',
        ...(retryAfter && { 'retry-after': retryAfter }),
      });
    } catch (cause) {
      throw edgeFailure(destination, cause) ?? cause;
    }
  };
}
