import type { Cluster } from '../cluster/client/cluster.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** The first edge a checkout takes inside the shop. */
const orderEdge = 'gateway>orders';
/** What a checkout needs. */
const needed = ['gateway', 'auth', 'orders', 'inventory', 'payments', 'bank', 'postgres'];

/** Whether the shop accepts orders: one was accepted since this process started, and everything it takes is ready. */
export class Health {
  #accepted = false;

  constructor(telemetry: Telemetry) {
    const unsubscribe = telemetry.onEdgeCall(({ edge, outcome }) => {
      if (edge !== orderEdge || outcome !== 'ok') return;
      this.#accepted = true;
      unsubscribe();
    });
  }

  /** Null when it does, else what is missing. */
  missing(cluster: Cluster | null): string | null {
    if (!cluster?.view.connected) return 'The cluster is not connected.';
    const down = needed.filter((name) => !cluster.view.deployments.get(name)?.status?.readyReplicas);
    if (down.length > 0) return `Not ready: ${down.join(', ')}.`;
    return this.#accepted ? null : 'The shop has not accepted an order yet.';
  }
}
