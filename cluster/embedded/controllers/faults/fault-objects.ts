import type { FaultStatus } from '../../../faults/fault-object.ts';
import type { Api } from '../../apiserver/api.ts';
import type { Fault, Pod } from '../../kinds/types.ts';
import { isConflict, isNotFound, orNull } from '../../reconcile/api-errors.ts';

/** Holds a fault until nothing of it is left. */
const finalizer = 'faults.breakwater.dev/undo';

type Nullable<T> = { [K in keyof T]: T[K] | null | (T[K] extends object | undefined ? Nullable<T[K]> : never) };

/** What is null goes, what is left out stays. */
export type StatusPatch = Partial<Nullable<FaultStatus>>;

/** What the controller writes to the API. An object that went meanwhile needs no word any more. */
export class FaultObjects {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** @returns `lookAgainMs`, for the controller's answer */
  async writeStatus(
    { metadata }: { metadata: { name: string; namespace?: string } },
    status: StatusPatch,
    lookAgainMs?: number,
  ): Promise<number | void> {
    await this.#patch(metadata.name, metadata.namespace!, { status }, 'status');
    return lookAgainMs;
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
