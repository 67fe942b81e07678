import type { Driver, DriverType, PodTemplate, Surroundings } from '../../../faults/drivers/driver.ts';
import type { Reading } from '../../../faults/evidence.ts';
import type { FaultEdit } from '../../../faults/fault-object.ts';
import type { Carrier, FaultType } from '../../../faults/fault-type.ts';
import type { Fault } from '../../kinds/types.ts';
import { CountWriter } from './count-writer.ts';
import type { FaultObjects } from './fault-objects.ts';
import { FaultRun, type Clock } from './fault-run.ts';

export interface FaultRunsOptions {
  types: readonly FaultType[];
  drivers: Record<string, DriverType>;
  network: Surroundings['network'];
  processes: Surroundings['processes'];
  nodes: Surroundings['nodes'];
  dial: Surroundings['dial'];
  api: Surroundings['api'];
  objects: FaultObjects;
  clock: Clock;
  /** Someone who carries out a fault was lost. */
  onLost: (run: FaultRun) => void;
}

/** The faults that have begun, as this process holds them; the drivers at work; and the way of what they report into the status. */
export class FaultRuns {
  /** At work, by name. */
  readonly drivers: Map<string, Driver>;
  readonly #runs = new Map<string, FaultRun>();
  readonly #types: readonly FaultType[];
  readonly #driverTypes: Record<string, DriverType>;
  readonly #clock: Clock;
  readonly #objects: FaultObjects;
  readonly #counts = new CountWriter((id) => this.#writeCounts(id));

  constructor({ types, drivers, network, processes, nodes, dial, api, objects, clock, onLost }: FaultRunsOptions) {
    this.#types = types;
    this.#driverTypes = drivers;
    this.#clock = clock;
    this.#objects = objects;
    const surroundings: Surroundings = {
      ...{ api, network, processes, nodes, dial },
      deletePod: (pod) => objects.deletePod(pod),
      note: (id, edits) => this.#note(id, edits),
      report: (id, reading) => this.#report(id, reading),
      lost: (id) => {
        const run = this.#runs.get(id);
        if (run) onLost(run);
      },
    };
    this.drivers = new Map(Object.entries(drivers).map(([name, type]) => [name, type.start(surroundings)]));
  }

  close(): void {
    this.#counts.close();
  }

  all(): FaultRun[] {
    return [...this.#runs.values()];
  }

  /** By the uid of its fault. */
  get(id: string | undefined): FaultRun | undefined {
    return id === undefined ? undefined : this.#runs.get(id);
  }

  /** Who carries it out, and what each is to do; the first decides whom it can hit. */
  partsOf(run: FaultRun): { driver: Driver; what: unknown }[] {
    return run.parts.map(({ name, what }) => ({ driver: this.drivers.get(name)!, what }));
  }

  /** Why what carries this one out cannot hit a pod, in words; null when it can. */
  cannotHit(run: FaultRun, pod: PodTemplate): string | null {
    return this.#driverTypes[run.parts[0]!.name]!.cannotHit(pod, run.parts[0]!.what);
  }

  /** The run of a fault, begun now if it had none; or why it cannot act here, in words. */
  begin(fault: Fault): FaultRun | string {
    const known = this.get(fault.metadata.uid);
    if (known) return known;
    const type = this.#types.find(({ id }) => id === fault.spec.type);
    if (!type) {
      return `there is no type of fault "${fault.spec.type}" here; there are ${this.#types.map(({ id }) => id).join(', ')}`;
    }
    const carrier = type.carriers.find(({ driver, along }) =>
      [driver, along?.driver ?? driver].every((name) => this.drivers.has(name)),
    );
    if (!carrier) return this.#noCarrier(type.id, type.carriers);
    const run = new FaultRun(fault, type, carrier, this.#clock);
    this.#runs.set(run.id, run);
    return run;
  }

  forget(run: FaultRun): void {
    this.#runs.delete(run.id);
    this.#counts.forget(run.id);
  }

  #noCarrier(id: string, carriers: readonly Carrier[]): string {
    const needs = carriers.map(({ driver }) => driver).join(' or ');
    const has = [...this.drivers.keys()].join(', ') || 'nothing to carry out faults';
    return `${id} needs ${needs}, and this cluster has ${has}`;
  }

  async #note(id: string, edits: readonly FaultEdit[]): Promise<void> {
    const run = this.#runs.get(id);
    if (run) await this.#objects.writeStatus({ metadata: run }, { edits: [...edits] });
  }

  #report(id: string, reading: Reading): void {
    const run = this.#runs.get(id);
    if (!run) return;
    const before = run.evidence.hasEffect;
    run.evidence.add(reading);
    if (run.evidence.isNews()) this.#counts.changed(id, !before && run.evidence.hasEffect);
  }

  async #writeCounts(id: string): Promise<void> {
    const run = this.#runs.get(id);
    if (!run || run.isMomentary) return;
    const { remark } = run.evidence;
    const status = { counts: run.evidence.counts(), pods: run.evidence.pods(), ...(remark && { reason: remark }) };
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
