import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { faultVersion, isOver } from '../../cluster/faults/fault-object.ts';
import type { FaultType } from '../../cluster/faults/fault-type.ts';
import { faultTypes } from '../../cluster/faults/index.ts';
import type { ActiveFault, FaultKind, FaultRequest, StopAllResult } from '../contract/faults.ts';
import { CodedError } from '../errors.ts';
import type { Marks } from '../marks.ts';
import { FaultBlock } from './fault-block.ts';
import { specOf } from './fault-spec.ts';
import { possibleFor, type TargetsCluster } from './fault-targets.ts';
import type { FaultObject } from './fault-view.ts';
import { WatchedFaults } from './watched-faults.ts';

export type FaultsCluster = TargetsCluster &
  Pick<Cluster, 'watch' | 'create' | 'patch' | 'delete' | 'namespace' | 'on'>;

export interface FaultsOptions {
  cluster: FaultsCluster;
  marks: Marks;
  types?: readonly FaultType[];
  now?: () => number;
  /** Edges that carry calls: of all those that could be chosen, the ones to offer. */
  observedEdges?: () => string[];
  /** Told what others than this process did: "stopped a fault: Slow dependency on bank". */
  onOutside?: (what: string) => void;
  /** Told of what went wrong in the background, where nobody waits for an answer. */
  onProblem: (error: unknown) => void;
}

const maxActive = 16;
/** How long an answer waits for a fault to begin or to end, in ms; it goes on by itself. */
const patienceMs = 1_500;

/**
 * The faults of the cluster: creates, watches, lists and deletes them. Who carries them out, counts, ends and undoes is the
 * cluster itself, so nothing of it depends on this process.
 */
export class Faults {
  readonly #options: Required<FaultsOptions>;
  readonly #watched: WatchedFaults;
  readonly #block: FaultBlock;
  /** Asked for, and not heard of yet. */
  #beingMade = 0;

  constructor(options: FaultsOptions) {
    const defaults = { types: faultTypes, observedEdges: () => [], now: Date.now, onOutside: () => undefined };
    this.#options = { ...defaults, ...options };
    const { cluster, marks, now, onOutside, onProblem } = this.#options;
    this.#watched = new WatchedFaults(cluster, marks, now, onOutside);
    this.#block = new FaultBlock(cluster, this.#watched, onProblem);
  }

  /** Resolves once the faults that act already are known, or after a moment, where the cluster has no such objects. */
  ready(): Promise<void> {
    return this.#watched.ready(patienceMs);
  }

  get blocked(): boolean {
    return this.#block.on;
  }

  /** Active ones and those that ended in the last minute, the latest first. */
  list(): ActiveFault[] {
    return this.#watched.list();
  }

  kinds(): FaultKind[] {
    const { cluster, types, observedEdges } = this.#options;
    const observed = new Set(observedEdges());
    return types.map((type) => {
      const { id, title, category, summary, parameters, duration, share, counted = 'call' } = type;
      const targetKind = type.targets[0]!;
      const possible = possibleFor(type, cluster);
      const targets = [...(possible.targets[targetKind] ?? [])];
      const seen = targetKind === 'edge' ? targets.filter((edge) => observed.has(edge)) : [];
      const otherTargets = type.targets.slice(1).flatMap((kind) => {
        const names = [...(possible.targets[kind] ?? [])];
        return names.length > 0 ? [{ kind, names }] : [];
      });
      return {
        ...{ id, title, category, summary, targetKind, duration, reason: possible.reason },
        ...{
          parameters: [...parameters],
          share: type.whole ? null : String(share),
          counted,
          targets: seen.length > 0 ? seen : targets,
          otherTargets,
        },
      };
    });
  }

  /** Answers once it acts, or after a moment: then its reason says what it waits for. Throws CodedError. */
  async start(request: FaultRequest): Promise<ActiveFault> {
    const { cluster, types } = this.#options;
    const type = types.find(({ id }) => id === request.kind);
    if (!type) {
      const known = types.map(({ id }) => id).join(', ');
      throw new CodedError('unknown-fault-kind', `There is no fault "${request.kind}"; there are ${known}.`);
    }
    this.#refuseIfBlocked();
    const { targets, reason } = possibleFor(type, cluster);
    if (reason && Object.keys(targets).length === 0) throw failed(type, request, reason);
    const spec = specOf(type, request, targets);
    if (this.#watched.active().length + this.#beingMade >= maxActive) {
      throw new CodedError('too-many-faults', `${maxActive} faults are active; that is as many as can be.`);
    }
    const name = `${type.id}-${randomBytes(4).toString('hex')}`;
    const { namespace } = cluster;
    this.#watched.owns(name, 'made');
    const fault = { apiVersion: faultVersion, kind: 'Fault', metadata: { name, namespace }, spec };
    this.#beingMade++;
    try {
      await cluster.create<FaultObject>(fault as FaultObject);
      await this.#watched.until(() => this.#watched.get(name) !== undefined, patienceMs);
    } catch (error) {
      this.#watched.disown(name);
      throw error;
    } finally {
      this.#beingMade--;
    }
    const begun = () => ![undefined, 'Pending'].includes(this.#watched.get(name)?.status?.phase);
    await this.#watched.until(begun, patienceMs);
    const { phase, reason: why } = this.#watched.get(name)?.status ?? {};
    if (phase === 'Refused') throw blockedError();
    if (phase === 'Failed') throw failed(type, request, why ?? 'no reason is given');
    const view = this.#watched.view(name);
    if (!view) throw failed(type, request, 'the cluster does not tell of it');
    return view;
  }

  /** Answers once nothing of it acts, or after a moment: then its reason says who is waited for. Throws `unknown-fault`. */
  async stop(id: string): Promise<ActiveFault> {
    const view = this.#watched.view(id);
    if (!view) throw new CodedError('unknown-fault', `There is no fault "${id}"; it may have ended a while ago.`);
    if (view.state === 'ended') return view;
    await this.#delete(id);
    await this.#watched.until(() => isGone(this.#watched.get(id)), patienceMs);
    return this.#watched.view(id) ?? view;
  }

  /** Blocks new ones, deletes all, and answers with what the cluster proves is left. Never throws. */
  async stopAll(): Promise<StopAllResult> {
    const { onProblem } = this.#options;
    const known = this.#watched.active().map(({ metadata }) => metadata.name);
    const end = performance.now() + patienceMs + 200;
    const [proof] = await Promise.all([
      this.#block.prove(patienceMs + 200),
      ...known.map((id) => this.#delete(id).catch(onProblem)),
    ]);
    // The proof may be here before the last word of each fault, which comes by a watch of its own.
    const heard = () => this.#watched.active().every(({ metadata }) => proof.remaining.includes(metadata.name));
    await this.#watched.until(heard, Math.max(0, end - performance.now()));
    const left = this.#watched.active().map(({ metadata }) => metadata.name);
    return {
      stopped: known.filter((id) => !left.includes(id)),
      remaining: [...new Set([...left, ...proof.remaining]), ...proof.silent.map((name) => `${name} (no answer)`)],
      blocked: this.blocked,
    };
  }

  /** Resolves once new faults are taken again. */
  async release(): Promise<void> {
    await this.#block.release(patienceMs);
  }

  close(): void {
    this.#block.close();
    this.#watched.close();
  }

  async #delete(id: string): Promise<void> {
    const namespace = this.#watched.get(id)?.metadata.namespace;
    this.#watched.owns(id, 'deleted');
    await this.#options.cluster.delete(faultVersion, 'Fault', id, { namespace });
  }

  #refuseIfBlocked(): void {
    if (this.blocked) throw blockedError();
  }
}

function isGone(fault: FaultObject | undefined): boolean {
  return !fault || isOver(fault.status?.phase);
}

function blockedError(): CodedError {
  return new CodedError('faults-blocked', 'New faults are refused since all of them were stopped.');
}

function failed(type: FaultType, { target }: FaultRequest, reason: string): CodedError {
  return new CodedError('fault-failed', `${type.id} could not be started on ${target}: ${reason.replace(/\.$/, '')}.`);
}
