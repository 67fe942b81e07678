import type { Cluster } from '../../cluster/client/cluster.ts';
import { faults as allFaults } from '../../cluster/faults/index.ts';
import type { Fault, Lease } from '../../cluster/faults/fault.ts';
import type { ActiveFault, FaultKind, FaultRequest, StopAllResult } from '../contract/faults.ts';
import { CodedError } from '../errors.ts';
import type { Marks } from '../marks.ts';
import { leaseOf } from './request.ts';
import { RunningFault } from './running-fault.ts';

export interface LeasesOptions {
  cluster: Cluster;
  marks: Marks;
  faults?: readonly Fault[];
  now?: () => number;
  /** Edges that carry calls: of all those that could be chosen, the ones to offer. */
  observedEdges?: () => string[];
  /** Told of what went wrong in the background, where nobody waits for an answer. */
  onProblem: (error: unknown) => void;
}

const renewEveryMs = 500;
const endedListedMs = 60_000;
const maxActive = 16;

/** The faults there are now. Each is a lease: it ends by itself, in its driver, whatever becomes of this process. */
export class Leases {
  readonly #options: Required<LeasesOptions>;
  #running: RunningFault[] = [];
  #blocked = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LeasesOptions) {
    this.#options = { faults: allFaults, observedEdges: () => [], now: Date.now, ...options };
  }

  get blocked(): boolean {
    return this.#blocked;
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
    if (this.#running.filter(({ ended }) => !ended).length >= maxActive) {
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

  /** Ends everything, also what others started, then asks the cluster what still acts. Blocks new ones first. */
  async stopAll(): Promise<StopAllResult> {
    this.#blocked = true;
    await this.adopt();
    const active = this.#running.filter(({ ended }) => !ended);
    await Promise.all(active.map((running) => this.#end(running, 'stop').catch(this.#options.onProblem)));
    const remaining = (await this.#acting()).map(({ lease }) => lease.id);
    const stopped = active.filter(({ ended }) => ended).map(({ lease }) => lease.id);
    return { stopped, remaining, blocked: this.#blocked };
  }

  release(): void {
    this.#blocked = false;
  }

  /** Takes over what acts in the cluster without our knowing: after a restart, or started with kubectl. */
  async adopt(): Promise<void> {
    for (const { fault, lease } of await this.#acting()) {
      if (this.#running.some((running) => running.lease.id === lease.id && !running.ended)) continue;
      this.#running = this.#running.filter((running) => running.lease.id !== lease.id);
      this.#running.push(new RunningFault(this.#options.cluster, fault, lease));
    }
  }

  run(): void {
    this.#timer ??= setInterval(() => void this.renew(), renewEveryMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** What happens twice a second. */
  async renew(): Promise<void> {
    const now = this.#options.now();
    this.#running = this.#running.filter(({ endedAt }) => endedAt === null || now - endedAt < endedListedMs);
    const active = this.#running.filter(({ ended }) => !ended);
    const renewals = active.map((fault) => (now >= fault.lease.endsAt ? this.#end(fault, 'lease') : fault.renew()));
    for (const result of await Promise.allSettled(renewals)) {
      if (result.status === 'rejected') this.#options.onProblem(result.reason);
    }
  }

  async #end(running: RunningFault, by: 'lease' | 'stop'): Promise<void> {
    const now = this.#options.now();
    if (!(await running.end(by, now))) return;
    const { startedAt, endsAt, target } = running.lease;
    if (endsAt > startedAt) this.#options.marks.add('fault-end', `${running.title}: ${target} ends`, now);
  }

  async #acting(): Promise<{ fault: Fault; lease: Lease }[]> {
    const { cluster, faults } = this.#options;
    const found = await Promise.all(
      faults.map(async (fault) => (await fault.active(cluster)).map((lease) => ({ fault, lease }))),
    );
    return found.flat();
  }

  #refuseIfBlocked(): void {
    if (!this.#blocked) return;
    throw new CodedError('faults-blocked', 'New faults are refused since all of them were stopped.');
  }
}

function failed(fault: Fault, lease: Lease, cause: unknown): CodedError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CodedError('fault-failed', `${fault.id} could not be started on ${lease.target}: ${reason}`, { cause });
}
