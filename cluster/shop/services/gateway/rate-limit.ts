import { createRequire } from 'node:module';
import type { MiddlewareHandler } from 'hono';
import type { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Environment } from '../../service/environment.ts';
import { Failure } from '../../service/failure.ts';
import type { Exchange, RouteContext } from '../../service/routes.ts';

/** Loaded where it is needed and by itself: the package's door brings limiters on a dozen stores, 8 MB of them. */
function memoryLimiter(): typeof RateLimiterMemory {
  const file = 'rate-limiter-flexible/lib/RateLimiterMemory.js';
  return createRequire(import.meta.url)(file) as typeof RateLimiterMemory;
}

/** Who a client is, to be told from others. */
export type ClientOf = (c: RouteContext) => Promise<string>;

/**
 * Lets each client through RATE_LIMIT_REQUESTS (100) times in RATE_LIMIT_SECONDS (5), counted by this process alone, where RATE_LIMIT is
 * `per-client`. Every answer says what is left: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/10/
 *
 * @returns undefined where there is no limit
 * @throws Failure 429 `rate-limited` from what is beyond, with `Retry-After`.
 */
export function rateLimit(
  environment: Environment,
  clientOf: ClientOf,
): MiddlewareHandler<{ Bindings: Exchange }> | undefined {
  if (environment.oneOf('RATE_LIMIT', ['off', 'per-client'] as const, 'off') === 'off') return undefined;
  const points = environment.integer('RATE_LIMIT_REQUESTS', { min: 1, max: 100_000, fallback: 100 });
  const duration = environment.integer('RATE_LIMIT_SECONDS', { min: 1, max: 3_600, fallback: 5 });
  const limiter = new (memoryLimiter())({ points, duration });
  return async (c, next) => {
    const client = await clientOf(c);
    let beyond = false;
    const count = await limiter.consume(client).catch((reason: unknown) => {
      if (reason instanceof Error) throw reason;
      beyond = true;
      return reason as RateLimiterRes;
    });
    const seconds = Math.ceil(count.msBeforeNext / 1_000);
    c.header('ratelimit-policy', `"per-client";q=${points};w=${duration}`);
    c.header('ratelimit', `"per-client";r=${count.remainingPoints};t=${seconds}`);
    if (beyond) {
      const says = `More than ${points} requests in ${duration} s; come back in ${seconds} s.`;
      throw new Failure(429, 'rate-limited', says, { retryAfter: seconds });
    }
    await next();
  };
}
