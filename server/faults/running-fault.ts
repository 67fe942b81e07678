import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Evidence, Fault, Lease } from '../../cluster/faults/fault.ts';
import type { ActiveFault } from '../contract/faults.ts';

/**
 * One lease and its driver. Operations follow each other: an `apply` still under way when the fault is stopped must
 * not bring it back after its `recover`.
 */
export class RunningFault {
  readonly lease: Lease;
  readonly #cluster: Cluster;
  readonly #fault: Fault;
  #last: Promise<unknown> = Promise.resolve();
  #evidence: Evidence = { delayed: 0, failed: 0, pods: [] };
  #endedBy: 'lease' | 'stop' | null = null;
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

  view(): ActiveFault {
    const { id, fault: kind, target, parameters, startedAt, endsAt } = this.lease;
    const state = this.ended ? 'ended' : 'active';
    const evidence = { ...this.#evidence };
    return {
      id,
      kind,
      title: this.title,
      target,
      parameters,
      startedAt,
      endsAt,
      state,
      endedBy: this.#endedBy,
      evidence,
    };
  }

  start(): Promise<void> {
    return this.#next(() => this.#fault.apply(this.#cluster, this.lease));
  }

  /** Reaches pods born since, and reads the evidence. Does nothing once it has ended. */
  renew(): Promise<void> {
    return this.#next(async () => {
      if (this.ended) return;
      await this.#fault.apply(this.#cluster, this.lease);
      await this.#readEvidence();
    });
  }

  /** True when this call ended it, false when it had ended before. A failure leaves it active, to be tried again. */
  end(by: 'lease' | 'stop', now: number): Promise<boolean> {
    return this.#next(async () => {
      if (this.ended) return false;
      await this.#readEvidence();
      await this.#fault.recover(this.#cluster, this.lease);
      this.#endedBy = by;
      this.endedAt = now;
      return true;
    });
  }

  /** Counters live in pods and die with them, so that what was seen once is never taken back. */
  async #readEvidence(): Promise<void> {
    const { delayed, failed, pods } = await this.#fault.evidence(this.#cluster, this.lease);
    this.#evidence = {
      delayed: Math.max(this.#evidence.delayed, delayed),
      failed: Math.max(this.#evidence.failed, failed),
      pods: [...new Set([...this.#evidence.pods, ...pods])],
    };
  }

  #next<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined); // the caller has it; the next operation must run all the same
    return result;
  }
}
