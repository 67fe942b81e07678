import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { metrics } from '@opentelemetry/api';
import { Drain, type Work } from './drain.ts';
import { readEnvironment } from './environment.ts';
import { serviceLog, type Log } from './log.ts';
import { openRequests } from './open-requests.ts';
import { newRoutes, type Routes } from './routes.ts';
import { flushTelemetry } from './telemetry-flush.ts';

export interface ServiceOptions {
  name: string;
  /** Adds the service's routes. */
  routes: (routes: Routes, log: Log) => void;
  /** What must have happened before requests are wanted: the database is there and migrated. */
  prepare?: () => Promise<void>;
  /** Work that goes on when its caller has left; a drain waits for it as it does for answers. */
  work?: Work | undefined;
  /** Takes no more work than what comes by requests; resolves when what it had is done. */
  leave?: (() => Promise<void>) | undefined;
  /** Lets go of backing services, after the last answer. */
  release?: () => Promise<void>;
  /** Its requests are those of the service beside it, which counts them: it reports none. */
  isSidecar?: boolean;
  log?: Log;
}

/**
 * Listens on PORT (8080) at once, answers /healthz, and /readyz with 200 once `prepare` is through. On SIGTERM drains
 * (see Drain) and exits 0; with GRACEFUL_SHUTDOWN `false` it ends at once, with all that it has.
 */
export function serve(options: ServiceOptions): void {
  const { name, routes, prepare, work, leave, release, isSidecar = false, log = serviceLog(name) } = options;
  const environment = readEnvironment();
  const app = newRoutes(log);
  let prepared = false;

  app.get('/healthz', (c) => c.json({ ok: true }));
  app.get('/readyz', (c) => {
    const ready = prepared && !drain.draining;
    return c.json({ ready, prepared, draining: drain.draining }, ready ? 200 : 503);
  });
  routes(app, log);

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  // Longer than any client keeps an idle connection, so that it is the client who closes it.
  server.keepAliveTimeout = 65_000;
  const meter = metrics.getMeter('shop');
  const active = meter.createUpDownCounter('http.server.active_requests', { unit: '{request}' });
  const open = openRequests(server, (change) => isSidecar || active.add(change));
  const oldest = meter.createObservableGauge('http.server.oldest_request_age', { unit: 'ms' });
  if (!isSidecar) oldest.addCallback((result) => result.observe(Math.round(open.oldestMs())));
  const drain = new Drain({
    server,
    open,
    work,
    leave,
    log,
    release,
    delayMs: environment.integer('SHUTDOWN_DELAY_MS', { min: 0, max: 60_000, fallback: 300 }),
    boundMs: environment.integer('SHUTDOWN_BOUND_MS', { min: 0, max: 300_000, fallback: 4_000 }),
  });
  // By a handler, though ending at once is what a process does without one: the first of a container would not.
  const end = environment.flag('GRACEFUL_SHUTDOWN', true) ? () => void drain.run() : () => process.exit(128 + 15);
  process.once('SIGTERM', end);
  process.once('SIGINT', end);

  const port = environment.integer('PORT', { min: 0, max: 65_535, fallback: 8080 });
  server.listen(port, () =>
    log.info('Listening', { port: addressPort(server), afterMs: Math.round(performance.now()) }),
  );
  server.once('error', (error) => void exitWith(log, error));
  void (prepare?.() ?? Promise.resolve()).then(
    () => {
      prepared = true;
      log.info('Ready', { afterMs: Math.round(performance.now()) });
    },
    (error: Error) => void exitWith(log, error),
  );
}

/** Listens on ADMIN_PORT (9000): for who runs the system, not in its Service, not traced. */
export function serveAdmin(log: Log, routes: (routes: Routes) => void): void {
  const app = newRoutes(log, { isLogged: false });
  routes(app);
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const port = readEnvironment().integer('ADMIN_PORT', { min: 0, max: 65_535, fallback: 9000 });
  server.once('error', (error) => void exitWith(log, error));
  server.listen(port, () => log.info('Listening for administration', { port: addressPort(server) }));
}

async function exitWith(log: Log, error: Error): Promise<never> {
  log.error('The service cannot run', { error });
  await flushTelemetry(500).catch(() => undefined); // standard output has it
  process.exit(1);
}

function addressPort(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : undefined;
}
