import type { ProcessTable } from './kubelet/process-table.ts';
import type { UserSpacePodNetwork } from './network/start-pod-network.ts';

/**
 * Keeps the data plane of the moment among the processes that end with the cluster. It ends by itself when its stdin closes,
 * unless it has been stopped: then only the reaper can.
 */
export class DataPlaneWatch {
  #network: UserSpacePodNetwork | null = null;
  #processes: ProcessTable | null = null;
  #pid: number | undefined;

  begin(network: UserSpacePodNetwork, processes: ProcessTable): void {
    this.#network = network;
    this.#processes = processes;
    this.#note(network.dataPlanePid);
  }

  /** It has died; the network starts another by itself. */
  died(error: Error): void {
    console.error(error.message);
    this.#note(undefined);
    this.#network?.ready().then(
      () => this.#note(this.#network?.dataPlanePid),
      (cause: unknown) => console.error('the data plane did not come back:', cause),
    );
  }

  /** The network has been closed, and the data plane with it. */
  end(): void {
    this.#note(undefined);
  }

  #note(pid: number | undefined): void {
    if (this.#pid !== undefined) this.#processes?.delete(this.#pid);
    if (pid !== undefined) this.#processes?.add(pid);
    this.#pid = pid;
  }
}
