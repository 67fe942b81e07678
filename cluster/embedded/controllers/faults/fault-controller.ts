import type { DriverType, Surroundings } from '../../../faults/drivers/driver.ts';
import { isOver } from '../../../faults/fault-object.ts';
import type { FaultType } from '../../../faults/fault-type.ts';
import type { Api } from '../../apiserver/api.ts';
import type { Fault } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { carryOut, retryMs, type FaultWork } from './carry-out.ts';
import { FaultObjects } from './fault-objects.ts';
import { systemClock, type Clock } from './fault-run.ts';
import { FaultRuns } from './fault-runs.ts';
import { isBlocked } from './scope.ts';
import { undo, undoUnasked } from './undo.ts';

export interface FaultControllerOptions {
  api: Api;
  types: readonly FaultType[];
  drivers: Record<string, DriverType>;
  network: Surroundings['network'];
  processes: Surroundings['processes'];
  nodes: Surroundings['nodes'];
  dial: Surroundings['dial'];
  clock?: Clock;
  /** A fault has to be looked at, so many ms from now. */
  lookAgain: (namespace: string, name: string, afterMs: number) => void;
}

const blockedReason =
  'all faults were stopped, and new ones are blocked: kubectl delete faultblock --all releases them';

/**
 * Decides what becomes of each fault, whatever its type:
 *
 *   (new) ──▶ Pending ⇄ Active ──▶ Ending ──▶ Ended       or at once Failed, Refused, Ended (momentary)
 *             carryOut() again     undo()     kept for a minute, then deleted
 *
 * Each reconcile reads the world anew; what is in memory is the lease, by the monotonic clock, and who was chosen.
 */
export class FaultController {
  readonly runs: FaultRuns;
  readonly #api: Api;
  readonly #objects: FaultObjects;
  readonly #work: FaultWork;

  constructor({ api, clock = systemClock, lookAgain, ...rest }: FaultControllerOptions) {
    this.#api = api;
    this.#objects = new FaultObjects(api, clock);
    const onLost = ({ namespace, name }: { namespace: string; name: string }) => lookAgain(namespace, name, retryMs);
    this.runs = new FaultRuns({ ...rest, api, objects: this.#objects, clock, onLost });
    this.#work = { api, runs: this.runs, objects: this.#objects };
  }

  close(): void {
    this.runs.close();
  }

  /** Answers after how many ms to look again. */
  async reconcile(namespace: string, name: string): Promise<number | void> {
    const fault = await orNull(this.#api.get('Fault', name, namespace));
    const uid = fault?.metadata.uid;
    const others = this.runs.all().filter((run) => run.namespace === namespace && run.name === name && run.id !== uid);
    for (const run of others) await undoUnasked(this.#work, run);
    if (!fault) return;
    const { metadata, status } = fault;
    if (isOver(status?.phase)) {
      return metadata.deletionTimestamp ? this.#objects.release(fault) : this.#objects.expire(fault);
    }
    const hasBegun = this.#hasBegun(fault);
    if (!hasBegun && metadata.deletionTimestamp) return this.#objects.release(fault);
    const blocked = await isBlocked(this.#api, namespace);
    if (!hasBegun && blocked) return this.#objects.writeNeverActed(fault, 'Refused', blockedReason);
    const run = this.runs.begin(fault);
    if (typeof run === 'string') return this.#objects.writeNeverActed(fault, 'Failed', run);
    const why = metadata.deletionTimestamp ? 'it was deleted' : blocked ? blockedReason : null;
    const leaseIsOver = run.remainingMs <= 0 && !run.isMomentary;
    if (why || leaseIsOver || run.stopping || status?.phase === 'Ending') return this.end(fault, why);
    return carryOut(this.#work, fault, run);
  }

  /** Ends a fault now, of whatever phase it is. Answers after how many ms to try again, while someone has not answered. */
  async end(fault: Fault, reason: string | null = blockedReason): Promise<number | void> {
    if (!this.#hasBegun(fault)) return this.#objects.writeNeverActed(fault, 'Refused', blockedReason);
    const run = this.runs.begin(fault);
    if (typeof run === 'string') return this.#objects.writeNeverActed(fault, 'Failed', run);
    run.stopping = true;
    run.ending ??= undo(this.#work, fault, run, reason).finally(() => (run.ending = null));
    return run.ending;
  }

  /** In this process, or in an earlier one, as its status says. */
  #hasBegun({ metadata, status }: Fault): boolean {
    return this.runs.get(metadata.uid) !== undefined || status?.phase !== undefined;
  }
}
