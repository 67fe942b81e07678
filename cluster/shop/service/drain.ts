import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './log.ts';
import type { OpenRequests } from './open-requests.ts';
import { flushTelemetry } from './telemetry-flush.ts';

interface DrainOptions {
  server: Server;
  open: OpenRequests;
  log: Log;
  release?: (() => Promise<void>) | undefined;
  /** How long new connections are still accepted, until the news has reached everyone who routes to this pod. */
  delayMs: number;
  /** How long it may take in all; must be less than the pod's terminationGracePeriodSeconds. */
  boundMs: number;
}

/**
 * Leaves without losing a request:
 *
 *   SIGTERM ── not ready, answers say `Connection: close` ──▶ delay ──▶ no new connections ──▶ last answer ──▶ exit
 *              └────────────────────────── at most boundMs, then what is left is cut ─────────────┘
 */
export class Drain {
  draining = false;
  readonly #options: DrainOptions;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  async run(): Promise<never> {
    const { server, open, log, release, delayMs, boundMs } = this.#options;
    this.draining = true;
    open.closeConnections();
    log.info('Draining', { openRequests: open.count });
    const bound = delay(boundMs, 'bound' as const);
    await Promise.race([delay(delayMs), bound]);
    server.close();
    const end = await Promise.race([open.empty(), bound]);
    if (end === 'bound') log.warn('Cut what was left: the drain took too long', { openRequests: open.count });
    server.closeAllConnections();
    try {
      await Promise.race([release?.(), delay(500)]);
      await flushTelemetry(500);
    } catch (error) {
      log.warn('Something did not end cleanly', { error });
    }
    log.info('Drained');
    process.exit(0);
  }
}
