import type { Driver, DriverType, Surroundings } from '../../../faults/drivers/driver.ts';
import type { Reading } from '../../../faults/evidence.ts';
import { isOver, targetText, type FaultSpec } from '../../../faults/fault-object.ts';
import type { FaultType } from '../../../faults/fault-type.ts';
import { choose } from '../../../faults/share.ts';
import { destinationsOf, namespacesOf, podsIn, podsOf, type World } from '../../../faults/targets.ts';
import type { Api } from '../../apiserver/api.ts';
import type { Fault } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { CountWriter } from './count-writer.ts';
import { FaultObjects, type StatusPatch } from './fault-objects.ts';
import { FaultRun, systemClock, type Clock } from './fault-run.ts';

export interface FaultControllerOptions {
  api: Api;
  types: readonly FaultType[];
  drivers: Record<string, DriverType>;
  network: Surroundings['network'];
  dial: Surroundings['dial'];
  clock?: Clock;
  /** A fault has to be looked at, so many ms from now. */
  lookAgain: (namespace: string, name: string, afterMs: number) => void;
}

/** How long a fault that is over stays readable, in ms. */
const keepMs = 60_000;
/** When who could not be reached is tried again, in ms. */
const retryMs = 500;

const blockedReason =
  'all faults were stopped, and new ones are blocked: kubectl delete faultblock --all releases them';

/**
 * Starts, counts, ends and undoes faults, whatever their type:
 *
 *   (new) ──▶ Pending ⇄ Active ──▶ Ending ──▶ Ended       or at once Failed, Refused, Ended (momentary)
 *              act()    act()      end()      kept for a minute, then deleted
 *
 * Each reconcile reads the world anew; what is in memory is the lease, by the monotonic clock, and who was chosen.
 */
export class FaultController {
  /** At work, by name. */
  readonly drivers: Map<string, Driver>;
  readonly runs = new Map<string, FaultRun>();
  readonly #api: Api;
  readonly #types: readonly FaultType[];
  readonly #driverTypes: Record<string, DriverType>;
  readonly #clock: Clock;
  readonly #objects: FaultObjects;
  readonly #counts = new CountWriter((id) => this.#writeCounts(id));

  constructor({ api, types, drivers, network, dial, clock = systemClock, lookAgain }: FaultControllerOptions) {
    this.#api = api;
    this.#objects = new FaultObjects(api);
    this.#types = types;
    this.#driverTypes = drivers;
    this.#clock = clock;
    const surroundings: Surroundings = {
      network,
      dial,
      deletePod: (pod) => this.#objects.deletePod(pod),
      report: (id, reading) => this.#report(id, reading),
      lost: (id) => {
        const run = this.runs.get(id);
        if (run) lookAgain(run.namespace, run.name, retryMs);
      },
    };
    this.drivers = new Map(Object.entries(drivers).map(([name, type]) => [name, type.start(surroundings)]));
  }

  close(): void {
    this.#counts.close();
  }

  /** Answers after how many ms to look again. */
  async reconcile(namespace: string, name: string): Promise<number | void> {
    const fault = await orNull(this.#api.get('Fault', name, namespace));
    await this.#endOthers(namespace, name, fault?.metadata.uid);
    if (!fault) return;
    const { metadata, status } = fault;
    if (isOver(status?.phase)) return metadata.deletionTimestamp ? this.#objects.release(fault) : this.#expire(fault);
    const known = this.runs.get(metadata.uid!);
    const begun = known ?? (status?.phase ? this.#begin(fault) : null);
    if (!begun && metadata.deletionTimestamp) return this.#objects.release(fault);
    const blocked = await this.isBlocked(namespace);
    if (!begun && blocked) return this.#over(fault, 'Refused', blockedReason);
    const run = begun ?? this.#begin(fault);
    if (typeof run === 'string') return this.#over(fault, 'Failed', run);
    const why = metadata.deletionTimestamp ? 'it was deleted' : blocked ? blockedReason : null;
    const leaseIsOver = run.remainingMs <= 0 && !run.isMomentary;
    if (why || leaseIsOver || run.stopping || status?.phase === 'Ending') return this.end(fault, why);
    return this.#act(fault, run);
  }

  /** Ends a fault now, of whatever phase it is. Answers after how many ms to try again, while someone has not answered. */
  async end(fault: Fault, reason: string | null = blockedReason): Promise<number | void> {
    const run = this.runs.get(fault.metadata.uid!) ?? (fault.status?.phase ? this.#begin(fault) : null);
    if (!run) return this.#over(fault, 'Refused', blockedReason);
    if (typeof run === 'string') return this.#over(fault, 'Failed', run);
    run.stopping = true;
    run.ending ??= this.#undo(fault, run, reason).finally(() => (run.ending = null));
    return run.ending;
  }

  /** Whether there is a block in any namespace of its scope. */
  async isBlocked(namespace: string): Promise<boolean> {
    const blocks = (await this.#api.list('FaultBlock')).items.filter(({ metadata }) => !metadata.deletionTimestamp);
    if (blocks.length === 0) return false;
    const scope = namespacesOf(namespace, (await this.#api.list('Namespace')).items);
    return blocks.some(({ metadata }) => scope.has(metadata.namespace!));
  }

  async world(): Promise<World> {
    const [namespaces, pods, services] = await Promise.all([
      this.#api.list('Namespace'),
      this.#api.list('Pod'),
      this.#api.list('Service'),
    ]);
    return { namespaces: namespaces.items, pods: pods.items, services: services.items };
  }

  /** Somebody has taken a fault away without waiting for its end: nobody will ask for it any more. */
  async #endOthers(namespace: string, name: string, uid: string | undefined): Promise<void> {
    const others = [...this.runs.values()].filter((run) => {
      return run.namespace === namespace && run.name === name && run.id !== uid;
    });
    for (const run of others) {
      run.stopping = true;
      this.#forget(run);
      const pods = podsIn(namespace, await this.world());
      const silent = await this.drivers.get(run.carrier.driver)!.undo(run.id, pods);
      if (silent.length > 0) console.error(`controller fault: ${name} is gone, and ${silent.join(', ')} may not know`);
    }
  }

  /** Why it cannot act here, in words, instead of a run. */
  #begin(fault: Fault): FaultRun | string {
    const { type: id } = fault.spec;
    const type = this.#types.find((each) => each.id === id);
    if (!type)
      return `there is no type of fault "${id}" here; there are ${this.#types.map((each) => each.id).join(', ')}`;
    const carrier = type.carriers.find((each) => this.drivers.has(each.driver));
    if (!carrier) {
      const needs = type.carriers.map((each) => each.driver).join(' or ');
      return `${id} needs ${needs}, and this cluster has ${[...this.drivers.keys()].join(', ') || 'nothing to carry out faults'}`;
    }
    const run = new FaultRun(fault, type, carrier, this.#clock);
    this.runs.set(run.id, run);
    return run;
  }

  async #act(fault: Fault, run: FaultRun): Promise<number | void> {
    const { namespace, carrier } = run;
    const driver = this.drivers.get(carrier.driver)!;
    const { cannotHit } = this.#driverTypes[carrier.driver]!;
    const world = await this.world();
    const { target, share, parameters } = fault.spec;
    const found = podsOf(target, namespace, world);
    const hittable = found.filter((pod) => cannotHit(pod) === null);
    const impossible = hittable.length === 0 && found[0] ? cannotHit(found[0]) : null;
    if (impossible) return this.#over(fault, 'Failed', impossible);
    const destinations = destinationsOf(target, namespace, world);
    const missing = missingFor(target, hittable.length, destinations.length);
    if (missing && run.isMomentary) return this.#over(fault, 'Failed', missing);
    const uids = hittable.map(({ metadata }) => metadata.uid!);
    run.chosen = new Set(choose(share, uids, run.hitAmong(hittable), run.id));
    if (!run.isMomentary) await this.#objects.hold(fault);
    if (run.stopping) return;
    const pods = hittable.filter(({ metadata }) => run.chosen.has(metadata.uid!));
    const unreached = await driver.carryOut({
      id: run.id,
      what: carrier.order(parameters),
      pods,
      destinations,
      remainingMs: run.remainingMs,
    });
    if (run.stopping) return;
    if (run.isMomentary) return this.#done(fault, run, unreached[0]?.why);
    const reason = missing ?? unreached.map((each) => `${each.pod}: ${each.why}`).join('; ');
    await this.#objects.writeStatus(fault, {
      phase: !missing && pods.length > unreached.length ? 'Active' : 'Pending',
      startedAt: iso(run.startedAt),
      endsAt: iso(run.endsAt),
      reason: reason || null,
      undo: { state: 'Pending', silent: null },
    });
    return unreached.length > 0 ? Math.min(retryMs, run.remainingMs) : run.remainingMs;
  }

  /** A momentary fault has acted, on somebody at least, or has failed. */
  async #done(fault: Fault, run: FaultRun, why: string | undefined): Promise<number | void> {
    const pods = run.evidence.pods();
    this.#forget(run);
    if (pods.length === 0) return this.#over(fault, 'Failed', why ?? 'nothing was hit');
    const at = iso(run.startedAt);
    const counts = run.evidence.counts();
    const times = { startedAt: at, endsAt: at, endedAt: at };
    return this.#objects.writeStatus(
      fault,
      { phase: 'Ended', ...times, pods, counts, undo: { state: 'NotNeeded' } },
      keepMs,
    );
  }

  async #undo(fault: Fault, run: FaultRun, reason: string | null): Promise<number | void> {
    const pods = podsIn(run.namespace, await this.world());
    const silent = await this.drivers.get(run.carrier.driver)!.undo(run.id, pods);
    // Who was silent until its lease was over has ended it by itself, or will before it does anything else.
    const expired = run.remainingMs <= 0;
    if (silent.length > 0 && !expired) {
      const words = `${silent.join(', ')} did not answer; it is told again, and ends it by itself at the end of its lease`;
      return this.#objects.writeStatus(
        fault,
        { phase: 'Ending', reason: words, undo: { state: 'Pending', silent } },
        retryMs,
      );
    }
    this.#forget(run);
    const over: StatusPatch = {
      phase: 'Ended',
      startedAt: iso(run.startedAt),
      endsAt: iso(run.endsAt),
      endedAt: iso(expired ? run.endsAt : Math.min(this.#clock.wall(), run.endsAt)),
      pods: run.evidence.pods(),
      counts: run.evidence.counts(),
      reason,
      undo: silent.length > 0 ? { state: 'Expired', silent } : { state: 'Done', silent: null },
    };
    await this.#objects.writeStatus(fault, over);
    await this.#objects.release(fault);
    return keepMs;
  }

  #over(fault: Fault, phase: 'Failed' | 'Refused', reason: string): Promise<number | void> {
    const run = this.runs.get(fault.metadata.uid!);
    if (run) this.#forget(run);
    const endedAt = iso(this.#clock.wall());
    return this.#objects.writeStatus(
      fault,
      { phase, reason, endedAt, undo: { state: 'NotNeeded', silent: null } },
      keepMs,
    );
  }

  async #expire({ metadata, status }: Fault): Promise<number | void> {
    const leftMs = Date.parse(status?.endedAt ?? '') + keepMs - this.#clock.wall();
    if (leftMs > 0) return leftMs;
    await orNull(this.#api.delete('Fault', metadata.name, metadata.namespace, { uid: metadata.uid! }));
  }

  #forget(run: FaultRun): void {
    this.runs.delete(run.id);
    this.#counts.forget(run.id);
  }

  #report(id: string, reading: Reading): void {
    const run = this.runs.get(id);
    if (!run) return;
    const before = run.evidence.hasEffect;
    run.evidence.add(reading);
    if (run.evidence.isNews()) this.#counts.changed(id, !before && run.evidence.hasEffect);
  }

  async #writeCounts(id: string): Promise<void> {
    const run = this.runs.get(id);
    if (!run || run.isMomentary) return;
    const status = { counts: run.evidence.counts(), pods: run.evidence.pods() };
    try {
      await this.#objects.writeStatus({ metadata: run }, status);
    } catch (error) {
      console.error(
        `controller fault: the counts of ${run.name} could not be written; they are with its next change:`,
        error,
      );
    }
  }
}

const iso = (time: number) => new Date(time).toISOString();

/** What has to be there and is not, in words; it may come while the lease lasts. */
function missingFor(target: FaultSpec['target'], pods: number, destinations: number): string | null {
  const [source, callee] = target.edge?.split('>') ?? [];
  if (callee !== undefined && destinations === 0) return `there is no Service ${callee} in its scope`;
  return pods > 0 ? null : `no pod of ${source ?? targetText(target)} is there`;
}
