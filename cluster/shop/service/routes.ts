import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { trace } from '@opentelemetry/api';
import { Hono, type Context } from 'hono';
import { routePath } from 'hono/route';
import { correlationHeader, correlationId, withCorrelation } from './correlation.ts';
import { Failure, type FailureBody } from './failure.ts';
import type { Log } from './log.ts';
import { probes } from './open-requests.ts';

/** The exchange that a request came by, as far as routes care for it: over HTTP, or inside of the process. */
export interface Exchange {
  incoming: Pick<Readable, 'iterator'> & { socket: { remoteAddress?: string | undefined } };
  outgoing: Pick<ServerResponse, 'destroyed' | 'writableFinished'> & {
    once(event: 'close', listener: () => void): unknown;
  };
}

export type RouteContext = Context<{ Bindings: Exchange }>;
export type Routes = Hono<{ Bindings: Exchange }>;

/**
 * An empty set of routes with what every service's routes share: correlation id, span names, error shape, and a line of the log for each
 * answer, unless `isLogged` is false.
 */
export function newRoutes(log: Log, { isLogged = true } = {}): Routes {
  const routes: Routes = new Hono();
  routes.use(async (c, next) => {
    await withCorrelation(c.req.header(correlationHeader), async (id) => {
      const began = performance.now();
      c.header(correlationHeader, id);
      await next();
      nameSpan(c);
      if (!isLogged || probes.has(c.req.path)) return;
      const ms = Math.round(performance.now() - began);
      log.info('Answered', { method: c.req.method, path: c.req.path, status: c.res.status, ms });
    });
  });
  routes.onError((error, c) => {
    if (error instanceof Failure) {
      if (error.status >= 500) log.warn(error.message, { code: error.code, cause: error.cause });
      return failed(c, error);
    }
    if (c.env.outgoing.destroyed) {
      log.info('The caller left before the answer', { reason: String(error) });
    } else {
      trace.getActiveSpan()?.recordException(error);
      log.error('A request failed unexpectedly', { error });
    }
    return failed(
      c,
      new Failure(500, 'internal', 'Something unexpected went wrong here; the log of the service has it.'),
    );
  });
  routes.notFound((c) =>
    failed(c, new Failure(404, 'no-such-route', `There is no ${c.req.method} ${c.req.path} here.`)),
  );
  return routes;
}

function failed(c: Context, { code, message, status, retryAfter }: Failure): Response {
  if (retryAfter !== undefined) c.header('retry-after', String(retryAfter));
  return c.json({ error: { code, message, correlationId: correlationId() } } satisfies FailureBody, status);
}

/** Instrumentation sees paths only; the route keeps span names few (OpenTelemetry: `{method} {http.route}`). */
function nameSpan(c: Context): void {
  const route = routePath(c, -1);
  if (!route || route === '*' || route === '/*') return;
  trace.getActiveSpan()?.updateName(`${c.req.method} ${route}`).setAttribute('http.route', route);
}

/** Aborts when the caller closes the connection before it has the whole answer. */
export function callerGone(c: RouteContext): AbortSignal {
  const gone = new AbortController();
  const { outgoing } = c.env;
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(new CallerGone());
  });
  return gone.signal;
}

class CallerGone extends Error {
  readonly code = 'caller-gone';

  constructor() {
    super('The caller closed the connection before the answer.');
    this.name = 'CallerGone';
  }
}
