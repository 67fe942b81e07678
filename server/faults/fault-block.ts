import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { isNotFound } from '../../cluster/client/errors.ts';
import { faultVersion } from '../../cluster/faults/fault-object.ts';
import type { BlockObject, WatchedFaults } from './watched-faults.ts';

const name = 'stop-all';
const kind = 'FaultBlock';

export interface Proof {
  remaining: readonly string[];
  silent: readonly string[];
}

/**
 * The block on new faults: an object that the cluster obeys, so that it outlives every process. What was asked for while the
 * cluster did not answer is made up for when it does.
 */
export class FaultBlock {
  readonly #cluster: Pick<Cluster, 'create' | 'patch' | 'delete' | 'namespace' | 'on'>;
  readonly #watched: WatchedFaults;
  readonly #onProblem: (error: unknown) => void;
  readonly #off: () => void;
  /** The request that the cluster has not confirmed yet. */
  #wanted: string | null = null;

  constructor(
    cluster: Pick<Cluster, 'create' | 'patch' | 'delete' | 'namespace' | 'on'>,
    watched: WatchedFaults,
    onProblem: (error: unknown) => void,
  ) {
    this.#cluster = cluster;
    this.#watched = watched;
    this.#onProblem = onProblem;
    this.#off = cluster.on('connection', (connected) => {
      if (connected && this.#wanted !== null) this.#set(this.#wanted).catch(onProblem);
    });
  }

  get on(): boolean {
    return this.#wanted !== null || this.#watched.blocks.length > 0;
  }

  /** Sets it, and answers with what the cluster then finds; what it cannot find out in time is silent. Never throws. */
  async prove(withinMs: number): Promise<Proof> {
    const request = randomBytes(6).toString('hex');
    this.#wanted = request;
    const deadline = performance.now() + withinMs;
    const set = this.#set(request).catch(this.#onProblem);
    const proven = () => this.#proof(request) !== undefined;
    await Promise.all([set, this.#watched.until(proven, withinMs)].map((each) => within(each, deadline)));
    return this.#proof(request) ?? { remaining: [], silent: ['the cluster'] };
  }

  async release(withinMs: number): Promise<void> {
    this.#wanted = null;
    const own = { name, namespace: this.#cluster.namespace }; // it may not have been told of yet
    const blocks = [own, ...this.#watched.blocks.map(({ metadata }) => metadata)];
    await Promise.all(
      blocks.map((each) => this.#cluster.delete(faultVersion, kind, each.name, { namespace: each.namespace })),
    );
    await this.#watched.until(() => !this.on, withinMs);
  }

  close(): void {
    this.#off();
  }

  #proof(request: string): Proof | undefined {
    const block = this.#watched.blocks.find(({ spec }) => spec?.request === request);
    if (!block) return undefined;
    if (this.#wanted === request) this.#wanted = null;
    const { observedGeneration, remaining = [], silent = [] } = block.status ?? {};
    return observedGeneration === block.metadata.generation ? { remaining, silent } : undefined;
  }

  async #set(request: string): Promise<void> {
    const block: BlockObject = {
      ...{
        apiVersion: faultVersion,
        kind,
        metadata: { name, namespace: this.#cluster.namespace },
      },
      spec: { request },
    };
    try {
      await this.#cluster.patch(block, { spec: { request } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await this.#cluster.create(block);
    }
  }
}

async function within(promise: Promise<unknown>, deadline: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, deadline - performance.now())));
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
