import type { FaultStatus } from '../../../faults/fault-object.ts';
import type { Api } from '../../apiserver/api.ts';
import type { Fault, Pod } from '../../kinds/types.ts';
import { isConflict, isNotFound, orNull } from '../../reconcile/api-errors.ts';
import type { Clock } from './fault-run.ts';

/** Holds a fault until nothing of it is left. */
const finalizer = 'faults.breakwater.dev/undo';
/** How long a fault that is over stays readable, in ms. */
const keepMs = 60_000;

type Nullable<T> = { [K in keyof T]: T[K] | null | (T[K] extends object | undefined ? Nullable<T[K]> : never) };

/** What is null goes, what is left out stays. */
export type StatusPatch = Partial<Nullable<FaultStatus>>;

/** What the controller writes to the API. An object that went meanwhile needs no word any more. */
export class FaultObjects {
  readonly #api: Api;
  readonly #clock: Clock;

  constructor(api: Api, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** Unix time in ms. */
  now(): number {
    return this.#clock.wall();
  }

  async writeStatus(
    { metadata }: { metadata: { name: string; namespace?: string } },
    status: StatusPatch,
  ): Promise<void> {
    await this.#patch(metadata.name, metadata.namespace!, { status }, 'status');
  }

  /** Its last word. Answers after how many ms the object itself may go. */
  async writeOver(fault: Fault, status: StatusPatch): Promise<number> {
    await this.writeStatus(fault, status);
    return keepMs;
  }

  /** The last word of one that has hit nobody. */
  async writeNeverActed(fault: Fault, phase: 'Failed' | 'Refused', reason: string): Promise<number> {
    const endedAt = iso(this.now());
    return this.writeOver(fault, { phase, reason, endedAt, undo: { state: 'NotNeeded', silent: null } });
  }

  /** Deletes one that is over, once it has been readable for long enough; answers after how many ms that is. */
  async expire({ metadata, status }: Fault): Promise<number | void> {
    const leftMs = Date.parse(status?.endedAt ?? '') + keepMs - this.now();
    if (leftMs > 0) return leftMs;
    await orNull(this.#api.delete('Fault', metadata.name, metadata.namespace, { uid: metadata.uid! }));
  }

  /** From now on a deletion waits for the end of its effect. */
  async hold({ metadata: { name, namespace, finalizers = [] } }: Fault): Promise<void> {
    if (finalizers.includes(finalizer)) return;
    await this.#patch(name, namespace!, { metadata: { finalizers: [...finalizers, finalizer] } });
  }

  /** Holds it no longer: nothing of it is left. One that was deleted is gone with this. */
  async release({ metadata: { name, namespace } }: Fault): Promise<void> {
    const held = (await orNull(this.#api.get('Fault', name, namespace)))?.metadata.finalizers ?? [];
    const others = held.filter((each) => each !== finalizer);
    if (others.length < held.length) await this.#patch(name, namespace!, { metadata: { finalizers: others } });
  }

  /** At once; false when it is gone, or another one by now. */
  async deletePod({ metadata: { name, namespace, uid } }: Pod): Promise<boolean> {
    try {
      await this.#api.delete('Pod', name, namespace, { uid, gracePeriodSeconds: 0 });
      return true;
    } catch (error) {
      if (isNotFound(error) || isConflict(error)) return false;
      throw error;
    }
  }

  async #patch(name: string, namespace: string, patch: object, subresource?: 'status'): Promise<void> {
    try {
      await this.#api.patch('Fault', name, namespace, patch, subresource);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** Unix time in ms as the API writes times. */
export const iso = (time: number) => new Date(time).toISOString();
