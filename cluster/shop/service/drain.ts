import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './log.ts';
import type { OpenRequests } from './open-requests.ts';
import { flushTelemetry } from './telemetry-flush.ts';
import type { WaitingLine } from './waiting-line.ts';

interface DrainOptions {
  server: Server;
  open: OpenRequests;
  /** What may outlive the request that began it. */
  work?: WaitingLine | undefined;
  log: Log;
  release?: (() => Promise<void>) | undefined;
  /** How long new connections are still accepted, until the news has reached everyone who routes to this pod. */
  delayMs: number;
  /** How long it may take in all; must be less than the pod's terminationGracePeriodSeconds. */
  boundMs: number;
}

/**
 * Leaves without losing a request, or work that a request began and did not stay for:
 *
 *   SIGTERM ── not ready, answers say `Connection: close` ──▶ delay ──▶ no new connections ──▶ last answer, last work ──▶ exit
 *              └─────────────────────────────── at most boundMs, then what is left is cut ──────────────────┘
 */
export class Drain {
  draining = false;
  readonly #options: DrainOptions;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  async run(): Promise<never> {
    const { server, open, work, log, release, delayMs, boundMs } = this.#options;
    this.draining = true;
    open.closeConnections();
    log.info('Draining', { openRequests: open.count });
    const bound = delay(boundMs, 'bound' as const);
    await Promise.race([delay(delayMs), bound]);
    server.close();
    const end = await Promise.race([open.empty().then(() => work?.idle()), bound]);
    if (end === 'bound') {
      const left = { openRequests: open.count, running: work?.running };
      log.warn('Cut what was left: the drain took too long', left);
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
