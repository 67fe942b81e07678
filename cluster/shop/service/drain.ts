import type { Server } from 'node:http';
import { Server as Listener } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Log } from './log.ts';
import type { OpenRequests } from './open-requests.ts';
import { flushTelemetry } from './telemetry-flush.ts';

/** What goes on when its caller has left. */
export interface Work {
  readonly running: number;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

interface DrainOptions {
  server: Server;
  open: OpenRequests;
  /** What may outlive the request that began it. */
  work?: Work | undefined;
  /** Takes no more work from elsewhere; resolves when what it had is done. */
  leave?: (() => Promise<void>) | undefined;
  log: Log;
  release?: (() => Promise<void>) | undefined;
  /**
   * How long new connections are still accepted, until the news has reached everyone who routes to this pod. As long must nothing come
   * over those there are before they are closed.
   */
  delayMs: number;
  /** How long it may take in all; must be less than the pod's terminationGracePeriodSeconds. */
  boundMs: number;
}

/**
 * Leaves without losing a request, or work that a request began and did not stay for:
 *
 *   SIGTERM ── not ready, answers say `Connection: close` ──▶ delay ──▶ no new connections ──▶ quiet ──▶ last work ──▶ exit
 *              └─────────────────────────────── at most boundMs, then what is left is cut ─────────────────────┘
 */
export class Drain {
  draining = false;
  readonly #options: DrainOptions;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  async run(): Promise<never> {
    const { server, open, work, leave, log, release, delayMs, boundMs } = this.#options;
    this.draining = true;
    open.closeConnections();
    log.info('Draining', { openRequests: open.count });
    const bound = delay(boundMs, 'bound' as const);
    const left = leave?.().catch((error: Error) => log.warn('Something did not end cleanly', { error }));
    await Promise.race([delay(delayMs), bound]);
    await nextTurn(); // takes in the connections that came while this process was busy
    // Not as an HTTP server closes: that cuts connections over which nothing is under way, and the next request that is on its way there.
    Listener.prototype.close.call(server);
    const end = await Promise.race([
      open
        .quiet(delayMs)
        .then(() => work?.idle())
        .then(() => left),
      bound,
    ]);
    if (end === 'bound') {
      const cut = { openRequests: open.count, running: work?.running };
      log.warn('Cut what was left: the drain took too long', cut);
    }
    server.closeAllConnections();
    try {
      await Promise.race([release?.(), delay(500)]);
    } catch (error) {
      log.warn('Something did not end cleanly', { error });
    }
    log.info('Drained');
    await flushTelemetry(500).catch((error: Error) => log.warn('The last telemetry is lost', { error }));
    process.exit(0);
  }
}
