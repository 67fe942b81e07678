import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Cluster } from '../../../cluster/client/cluster.ts';
import type { Evidence, Fault, Lease } from '../../../cluster/faults/fault.ts';
import { Marks } from '../../marks.ts';
import { FaultBlock } from '../fault-block.ts';
import { Leases } from '../leases.ts';

const home = mkdtempSync(join(tmpdir(), 'leases-'));
after(() => rmSync(home, { recursive: true }));
let worlds = 0;

/** A driver with a world of its own: the leases that act, as they would in a cluster, ended by its own clock. */
export class World {
  now = 1_700_000_000_000;
  acting = new Map<string, Lease>();
  applied = 0;
  delayed = 5;
  pod = 'bank-1';
  problems: unknown[] = [];
  broken: Error | null = null;
  /** While set, `apply` and `recover` wait for it. */
  gate: Promise<void> | null = null;
  silent: string[] = [];
  /** While set, what acts is looked up at once but answered only after it. */
  answered: Promise<void> | null = null;
  /** Told when the cluster has been asked what acts. */
  onAsked: () => void = () => undefined;
  readonly #blockFile = join(home, `blocked-${worlds++}`);

  readonly fault: Fault = {
    id: 'slow',
    title: 'Slow',
    category: 'dependency',
    summary: 'Slow.',
    targetKind: 'service',
    parameters: [{ name: 'delayMs', label: 'Delay', unit: 'ms', min: 0, max: 1000, default: 300 }],
    duration: { default: 60, max: 900 },
    targets: async () => ['bank'],
    apply: async (_cluster, lease) => {
      await this.gate;
      if (this.broken) throw this.broken;
      this.applied += 1;
      this.acting.set(lease.id, lease);
    },
    recover: async (_cluster, lease) => {
      await this.gate;
      if (this.broken) throw this.broken;
      return this.acting.delete(lease.id) ? this.#counted() : [];
    },
    evidence: async () => this.#counted(),
    active: async () => {
      const leases = [...this.acting.values()];
      this.onAsked();
      await this.answered;
      return { leases, silent: this.silent };
    },
  };
  readonly kill: Fault = {
    ...this.fault,
    id: 'kill',
    duration: { default: 0, max: 0 },
    parameters: [],
    apply: async () => void (this.applied += 1),
    recover: async (_cluster, { id, target }) => [{ counter: id, delayed: 0, failed: 0, pods: [target] }],
    active: async () => {
      if (this.killBroken) throw this.killBroken;
      return { leases: [], silent: [] };
    },
  };
  killBroken: Error | null = null;
  readonly marks = new Marks();

  leases(): Leases {
    const { fault, kill, marks } = this;
    const onProblem = (error: unknown) => void this.problems.push(error);
    const block = new FaultBlock(this.#blockFile);
    return new Leases({ cluster: {} as Cluster, faults: [kill, fault], marks, block, now: () => this.now, onProblem });
  }

  /** Someone starts a fault without us. */
  foreign(): void {
    const lease = { id: 'kubectl', fault: 'slow', target: 'bank', parameters: {} };
    this.acting.set('kubectl', { ...lease, startedAt: this.now, endsAt: this.now + 9_000 });
  }

  #counted(): Evidence[] {
    return [{ counter: this.pod, delayed: this.delayed, failed: 0, pods: [this.pod] }];
  }
}
