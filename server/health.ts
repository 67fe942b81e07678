import type { Cluster } from '../cluster/client/cluster.ts';
import { CUSTOMER } from './telemetry/measured-calls.ts';
import type { ScopeTelemetry } from './telemetry/scope-telemetry.ts';

const ORDERS = `${CUSTOMER} POST /api/orders`;
/** Orders of this time are judged by. */
const SECONDS = 5;
/** Requests a second from which some order must have ended in that time, whatever else customers do. */
const BUSY = 2;

/** Whether customers' orders are accepted, by what customers meet and nothing else. */
export class Health {
  readonly #telemetry: ScopeTelemetry;
  readonly #now: () => number;
  readonly #disk: () => string | null;
  /** What became of the newest order that ended; null before the first. */
  #newest: 'accepted' | 'refused' | null = null;

  /** @param options.disk null while it has space, else what to say of it */
  constructor(telemetry: ScopeTelemetry, options: { now?: () => number; disk?: () => string | null } = {}) {
    this.#telemetry = telemetry;
    this.#now = options.now ?? Date.now;
    this.#disk = options.disk ?? (() => null);
    telemetry.onCustomerCall(({ operation, outcome }) => {
      if (`${CUSTOMER} ${operation}` === ORDERS) this.#newest = outcome === 'ok' ? 'accepted' : 'refused';
    });
  }

  /** Null when they are, else what is wrong. */
  wrong(cluster: Cluster | null): string | null {
    const wrong = this.#ordersWrong(cluster);
    // A full disk is why, whatever else it looks like.
    return wrong && (this.#disk() ?? wrong);
  }

  #ordersWrong(cluster: Cluster | null): string | null {
    if (!cluster?.view.connected) return 'The cluster is not connected.';
    if (this.#newest === null) return 'The shop has not accepted an order yet.';
    const until = (Math.floor(this.#now() / 1000) + 1) * 1000;
    const { count, errors } = this.#telemetry.percentiles(ORDERS, until - SECONDS * 1000, until);
    if (count > errors) return null;
    if (count > 0) return `No order was accepted in the last ${SECONDS} s, of ${count} that were tried.`;
    const load = this.#telemetry.load();
    if (!load) return 'The load generator does not report, so nobody knows whether orders are accepted.';
    if (load.rate >= BUSY)
      return `No order has ended in the last ${SECONDS} s; ${load.open} requests of customers are open.`;
    return this.#newest === 'accepted' ? null : 'The last order that was tried was refused.';
  }
}
