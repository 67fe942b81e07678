import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Fault, Lease } from '../../cluster/faults/fault.ts';
import type { ActiveFault } from '../contract/faults.ts';
import { EvidenceSum } from './evidence-sum.ts';

/**
 * One lease and its driver. Operations do not overlap: an `apply` still under way when the fault is stopped must not bring
 * it back after its `recover`. Nor do they queue: an end waits for the one call under way and for nothing else.
 */
export class RunningFault {
  readonly lease: Lease;
  readonly #cluster: Cluster;
  readonly #fault: Fault;
  readonly #evidence = new EvidenceSum();
  #underWay: Promise<void> | null = null;
  #ending: Promise<void> | null = null;
  #endedBy: 'lease' | 'stop' | null = null;
  /** Someone wants it gone: it is not renewed any more, even while its end fails. */
  stopping = false;
  /** Unix time in ms at which nothing of it acted any more; null until then. */
  endedAt: number | null = null;

  constructor(cluster: Cluster, fault: Fault, lease: Lease) {
    this.#cluster = cluster;
    this.#fault = fault;
    this.lease = lease;
  }

  get title(): string {
    return this.#fault.title;
  }

  get ended(): boolean {
    return this.#endedBy !== null;
  }

  /** An operation is under way, which may take seconds when a pod hangs. */
  get busy(): boolean {
    return this.#underWay !== null || this.#ending !== null;
  }

  view(): ActiveFault {
    const { id, fault: kind, target, parameters, startedAt, endsAt } = this.lease;
    const state = this.ended ? 'ended' : 'active';
    const evidence = this.#evidence.view();
    return {
      ...{ id, kind, title: this.title, target, parameters, startedAt, endsAt },
      ...{ state, endedBy: this.#endedBy, evidence },
    };
  }

  start(): Promise<void> {
    return this.#run(() => this.#fault.apply(this.#cluster, this.lease));
  }

  /** Reaches pods born since, and reads the evidence. Does nothing when it ends, has ended, or is busy. */
  async renew(): Promise<void> {
    if (this.busy || this.stopping || this.ended) return;
    await this.#run(async () => {
      try {
        await this.#fault.apply(this.#cluster, this.lease);
      } finally {
        if (!this.stopping) this.#evidence.add(await this.#fault.evidence(this.#cluster, this.lease));
      }
    });
  }

  /** True when this call ended it, false when another did. A failure leaves it active, to be tried again. */
  async end(by: 'lease' | 'stop', now: () => number): Promise<boolean> {
    this.stopping = true;
    if (this.ended) return false;
    if (this.#ending) {
      await this.#ending;
      return false;
    }
    this.#ending = this.#end(by, now).finally(() => (this.#ending = null));
    await this.#ending;
    return true;
  }

  async #end(by: 'lease' | 'stop', now: () => number): Promise<void> {
    await this.#underWay?.catch(() => undefined); // whoever began it has its error
    this.#evidence.add(await this.#fault.recover(this.#cluster, this.lease));
    this.#endedBy = by;
    this.endedAt = now();
  }

  #run(operation: () => Promise<void>): Promise<void> {
    this.#underWay = operation().finally(() => (this.#underWay = null));
    return this.#underWay;
  }
}
