import type { StopAllResult } from '../../server/contract/faults.ts';
import { request } from '../state/api.ts';
import { useLabStore } from '../state/lab-store-context.ts';
import type { LabStore } from '../state/lab-store.ts';
import { createStore } from '../state/store.ts';
import type { Store } from '../state/store.ts';
import { useStore } from '../state/use-store.ts';

/**
 * What this page's last "stop all" proved; null without one, and after the block it belongs to. Whoever releases the block
 * ends the proof: this page, another one, or a step of a lab that needs a fault.
 */
export function stopProofOf({ system }: Pick<LabStore, 'system'>): Store<StopAllResult | null> {
  const proof = createStore<StopAllResult | null>(null);
  let blocked = false;
  system.subscribe(() => {
    const before = blocked;
    blocked = system.get()?.faultsBlocked ?? false;
    if (before && !blocked) proof.set(null);
  });
  return proof;
}

export function useStopProof(): StopAllResult | null {
  return useStore(useLabStore().own(stopProofOf), (result) => result);
}

/** Ends every fault, keeps the proof that nothing is left, and leaves new faults blocked. */
export function useStopAllFaults(): () => Promise<void> {
  const proof = useLabStore().own(stopProofOf);
  return async () => proof.set(await request<StopAllResult>('DELETE', '/api/faults'));
}

/** Lets faults begin again. */
export async function releaseFaults(): Promise<void> {
  await request('POST', '/api/faults/release');
}
