import type { StopAllResult } from '../../server/contract/faults.ts';
import { request } from '../state/api.ts';
import { system } from '../state/frame-store.ts';
import { createStore } from '../state/store.ts';

/** What this page's last "stop all" proved; null without one, and after the block it belongs to. */
export const stopProof = createStore<StopAllResult | null>(null);

/** Whoever releases the block ends the proof: this page, another one, or a step of a lab that needs a fault. */
let blocked = false;
system.subscribe(() => {
  const before = blocked;
  blocked = system.get()?.faultsBlocked ?? false;
  if (before && !blocked) stopProof.set(null);
});

/** Ends every fault, keeps the proof that nothing is left, and leaves new faults blocked. */
export async function stopAllFaults(): Promise<void> {
  stopProof.set(await request<StopAllResult>('DELETE', '/api/faults'));
}

/** Lets faults begin again. */
export async function releaseFaults(): Promise<void> {
  await request('POST', '/api/faults/release');
}
