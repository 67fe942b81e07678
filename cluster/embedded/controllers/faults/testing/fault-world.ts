import type { Driver, DriverType, Order, Surroundings, Unreached } from '../../../../faults/drivers/driver.ts';
import { faultTypes } from '../../../../faults/index.ts';
import type { FaultType } from '../../../../faults/fault-type.ts';
import type { FaultSpec } from '../../../../faults/fault-object.ts';
import type { Api } from '../../../apiserver/api.ts';
import type { Fault } from '../../../kinds/types.ts';
import { emptyCluster } from '../../../testing/controller-fixture.ts';
import { FaultController } from '../fault-controller.ts';

export const start = Date.parse('2026-01-01T00:00:00Z');

/** A cluster with pods and a controller on a clock that the test turns; what carries out faults notes what it is told. */
export class FaultWorld {
  readonly api: Api;
  /** What acts, by id, and on which pods. */
  readonly acting = new Map<string, Order>();
  readonly undone: string[] = [];
  surroundings!: Surroundings;
  now = 0;
  silent: string[] = [];
  unreached: Unreached[] = [];
  /** While set, `carryOut` waits for it. */
  gate: Promise<void> | null = null;
  controller: FaultController;
  readonly #types: readonly FaultType[];

  readonly #driver: DriverType = {
    cannotHit: (pod) => (pod.metadata?.labels?.['app'] === 'vault' ? 'vaults cannot be hit' : null),
    start: (surroundings): Driver => {
      this.surroundings = surroundings;
      return {
        carryOut: async (order) => {
          await this.gate;
          this.acting.set(order.id, order);
          return this.unreached;
        },
        undo: async (id) => {
          this.undone.push(id);
          if (this.silent.length > 0) return this.silent;
          this.acting.delete(id);
          return [];
        },
        acting: async () => ({ ids: [...this.acting.keys()], silent: this.silent }),
      };
    },
  };

  readonly #drivers: Record<string, DriverType>;

  private constructor(api: Api, types: readonly FaultType[], drivers: Record<string, DriverType>) {
    this.api = api;
    this.#types = types;
    this.#drivers = drivers;
    this.controller = this.restarted();
  }

  /** @param drivers beside the one that only notes what it is told */
  static async open(types = faultTypes, drivers: Record<string, DriverType> = {}): Promise<FaultWorld> {
    return new FaultWorld(await emptyCluster(), types, drivers);
  }

  /** The controller's process has died, and another one knows nothing but what the API says. */
  restarted(): FaultController {
    this.controller = new FaultController({
      api: this.api,
      types: this.#types,
      drivers: { 'admin-port': this.#driver, 'pod-network': this.#driver, ...this.#drivers },
      network: {} as Surroundings['network'],
      processes: {} as Surroundings['processes'],
      nodes: {} as Surroundings['nodes'],
      dial: () => Promise.reject(new Error('nothing is dialled here')),
      clock: { lease: () => this.now, wall: () => start + this.now },
      lookAgain: () => undefined,
    });
    return this.controller;
  }

  async pods(...names: string[]): Promise<void> {
    for (const name of names) {
      const metadata = { name, namespace: 'shop', labels: { app: name.split('-')[0]! } };
      await this.api.create('Pod', { metadata, spec: { containers: [{ name: 'service', image: 'x' }] } });
    }
  }

  async create(spec: Partial<FaultSpec> = {}, name = 'slow'): Promise<Fault> {
    const usual = { type: 'bank-slow', target: { service: 'bank' }, duration: '60s' };
    const fault = { metadata: { name, namespace: 'shop' }, spec: { ...usual, ...spec } as FaultSpec };
    return this.api.create('Fault', fault);
  }

  reconcile(name = 'slow'): Promise<number | void> {
    return this.controller.reconcile('shop', name);
  }

  async fault(name = 'slow'): Promise<Fault> {
    return this.api.get('Fault', name, 'shop');
  }

  /** Names of the pods hit now. */
  hit(): string[] {
    return [...this.acting.values()].flatMap(({ pods }) => pods.map(({ metadata }) => metadata.name)).sort();
  }

  async block(): Promise<void> {
    await this.api.create('FaultBlock', { metadata: { name: 'stop-all', namespace: 'shop' }, spec: {} });
  }
}
