import type { Cluster } from '../../cluster/client/cluster.ts';
import { faults as allFaults } from '../../cluster/faults/index.ts';
import type { Fault, Lease } from '../../cluster/faults/fault.ts';
import type { ActiveFault, FaultKind, FaultRequest, StopAllResult } from '../contract/faults.ts';
import { CodedError } from '../errors.ts';
import type { Marks } from '../marks.ts';
import { acting, type Acting } from './acting.ts';
import type { FaultBlock } from './fault-block.ts';
import { leaseOf } from './request.ts';
import { RunningFault } from './running-fault.ts';

export interface LeasesOptions {
  cluster: Cluster;
  marks: Marks;
  block: FaultBlock;
  faults?: readonly Fault[];
  now?: () => number;
  /** Edges that carry calls: of all those that could be chosen, the ones to offer. */
  observedEdges?: () => string[];
  /** Told of what went wrong in the background, where nobody waits for an answer. */
  onProblem: (error: unknown) => void;
}

const renewEveryMs = 500;
const endedListedMs = 60_000;
/** How often the cluster is asked what acts, while there is a reason to. */
const sweepEveryMs = 2_000;
const maxActive = 16;

/** The faults there are now. Each is a lease: it ends by itself, in its driver, whatever becomes of this process. */
export class Leases {
  readonly #options: Required<LeasesOptions>;
  #running: RunningFault[] = [];
  #unheard = false;
  #nextSweepAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LeasesOptions) {
    this.#options = { faults: allFaults, observedEdges: () => [], now: Date.now, ...options };
  }

  get blocked(): boolean {
    return this.#options.block.on;
  }

  /** Active ones and those that ended in the last minute, the latest first. */
  list(): ActiveFault[] {
    return this.#running.map((fault) => fault.view()).sort((a, b) => b.startedAt - a.startedAt);
  }

  async kinds(): Promise<FaultKind[]> {
    const { cluster, faults, observedEdges } = this.#options;
    const edges = new Set(observedEdges());
    return Promise.all(
      faults.map(async ({ id, title, category, summary, targetKind, parameters, duration, targets }) => {
        const possible = await targets(cluster);
        const observed = targetKind === 'edge' ? possible.filter((edge) => edges.has(edge)) : [];
        const offered = observed.length > 0 ? observed : possible;
        return { id, title, category, summary, targetKind, parameters, duration, targets: offered };
      }),
    );
  }

  /** Throws CodedError. Nothing acts when it does. */
  async start(request: FaultRequest): Promise<ActiveFault> {
    const { cluster, marks, faults, now } = this.#options;
    const fault = faults.find(({ id }) => id === request.kind);
    if (!fault) {
      const known = faults.map(({ id }) => id).join(', ');
      throw new CodedError('unknown-fault-kind', `There is no fault "${request.kind}"; there are ${known}.`);
    }
    this.#refuseIfBlocked();
    const lease = leaseOf(fault, request, await fault.targets(cluster), now());
    if (this.#active().length >= maxActive) {
      throw new CodedError('too-many-faults', `${maxActive} faults are active; that is as many as can be.`);
    }
    this.#refuseIfBlocked(); // stop all may have come in while the targets were asked for
    const running = new RunningFault(cluster, fault, lease);
    this.#running.push(running);
    try {
      await running.start();
    } catch (cause) {
      this.#running = this.#running.filter((other) => other !== running);
      await fault.recover(cluster, lease).catch(this.#options.onProblem); // it may have reached some of the pods
      throw failed(fault, lease, cause);
    }
    marks.add('fault-start', `${fault.title}: ${lease.target}`, lease.startedAt);
    if (lease.endsAt <= lease.startedAt) await this.#end(running, 'lease');
    else await running.renew().catch(this.#options.onProblem); // first evidence; the next turn tries again
    return running.view();
  }

  /** Throws CodedError `unknown-fault`, or what kept it from ending; it is then tried again, twice a second. */
  async stop(id: string): Promise<ActiveFault> {
    const running = this.#running.find(({ lease }) => lease.id === id);
    if (!running) throw new CodedError('unknown-fault', `There is no fault "${id}"; it may have ended a while ago.`);
    await this.#end(running, 'stop');
    return running.view();
  }

  /**
   * Blocks new ones, ends everything, also what others started, and asks the cluster what still acts. Who cannot say is
   * part of what remains: silence proves nothing. Never throws.
   */
  async stopAll(): Promise<StopAllResult> {
    const { block, onProblem } = this.#options;
    try {
      block.set();
    } catch (error) {
      onProblem(error); // it holds all the same, until this process ends
    }
    const known = this.#active();
    await this.#endEach(known);
    let proof = await this.#acting();
    const others = this.#takeOver(proof);
    if (others.length > 0) {
      await this.#endEach(others);
      proof = await this.#acting();
    }
    const ids = (faults: { lease: Lease }[]) => faults.map(({ lease }) => lease.id);
    const silent = proof.silent.map((name) => `${name} (no answer)`);
    return {
      stopped: ids([...known, ...others].filter(({ ended }) => ended)),
      remaining: [...new Set([...ids(this.#active()), ...ids(proof.found), ...silent])],
      blocked: block.on,
    };
  }

  release(): void {
    this.#options.block.release();
  }

  /** Takes over what acts in the cluster without our knowing: after a restart, or started with kubectl. Never throws. */
  async adopt(): Promise<void> {
    const answer = await this.#acting();
    this.#takeOver(answer);
    this.#unheard = answer.silent.length > 0;
  }

  run(): void {
    this.#timer ??= setInterval(() => void this.renew(), renewEveryMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** What happens twice a second. A fault that is busy still is left to it. */
  async renew(): Promise<void> {
    const now = this.#options.now();
    this.#running = this.#running.filter(({ endedAt }) => endedAt === null || now - endedAt < endedListedMs);
    const turns = this.#active()
      .filter(({ busy }) => !busy)
      .map((fault) => {
        if (now >= fault.lease.endsAt) return this.#end(fault, 'lease');
        return fault.stopping || this.blocked ? this.#end(fault, 'stop') : fault.renew();
      });
    await Promise.all([...turns, this.#sweep(now)].map((turn) => turn.catch(this.#options.onProblem)));
  }

  /**
   * Blocked means that nothing acts: not what kubectl starts, nor a pod that slept through the end of its fault. And who did
   * not answer when faults were taken over is asked again.
   */
  async #sweep(now: number): Promise<void> {
    if (!(this.blocked || this.#unheard) || now < this.#nextSweepAt) return;
    this.#nextSweepAt = Infinity;
    await this.adopt().finally(() => (this.#nextSweepAt = this.#options.now() + sweepEveryMs));
  }

  #active(): RunningFault[] {
    return this.#running.filter(({ ended }) => !ended);
  }

  async #endEach(faults: RunningFault[]): Promise<void> {
    await Promise.all(faults.map((running) => this.#end(running, 'stop').catch(this.#options.onProblem)));
  }

  async #end(running: RunningFault, by: 'lease' | 'stop'): Promise<void> {
    const { now, marks } = this.#options;
    if (!(await running.end(by, now))) return;
    const { startedAt, endsAt, target } = running.lease;
    if (endsAt > startedAt) marks.add('fault-end', `${running.title}: ${target} ends`, running.endedAt ?? now());
  }

  async #acting(): Promise<Acting & { askedAt: number }> {
    const { cluster, faults, now, onProblem } = this.#options;
    const askedAt = now();
    return { askedAt, ...(await acting(cluster, faults, onProblem)) };
  }

  /** Those that are new to us. What ended while the cluster was asked is not: the answer may be from before. */
  #takeOver({ found, askedAt }: Acting & { askedAt: number }): RunningFault[] {
    const added = found
      .filter(({ lease }) => {
        const known = this.#running.find((running) => running.lease.id === lease.id);
        return !known || (known.endedAt !== null && known.endedAt < askedAt);
      })
      .map(({ fault, lease }) => new RunningFault(this.#options.cluster, fault, lease));
    const ids = added.map(({ lease }) => lease.id);
    this.#running = [...this.#running.filter(({ lease }) => !ids.includes(lease.id)), ...added];
    return added;
  }

  #refuseIfBlocked(): void {
    if (!this.blocked) return;
    throw new CodedError('faults-blocked', 'New faults are refused since all of them were stopped.');
  }
}

function failed(fault: Fault, lease: Lease, cause: unknown): CodedError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CodedError('fault-failed', `${fault.id} could not be started on ${lease.target}: ${reason}`, { cause });
}
