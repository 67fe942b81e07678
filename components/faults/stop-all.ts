import type { StopAllResult } from '../../server/contract/faults.ts';
import { request } from '../state/api.ts';
import { createStore } from '../state/store.ts';

/** What the last "stop all" proved; null before it and after the release. */
export const stopProof = createStore<StopAllResult | null>(null);

/** Ends every fault, keeps the proof that nothing is left, and leaves new faults blocked. */
export async function stopAllFaults(): Promise<void> {
  stopProof.set(await request<StopAllResult>('DELETE', '/api/faults'));
}

/** Lets faults begin again. */
export async function releaseFaults(): Promise<void> {
  await request('POST', '/api/faults/release');
  stopProof.set(null);
}
