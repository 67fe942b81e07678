import { useEffect } from 'react';
import type { ActiveFault, FaultKind, FaultRequest } from '../../server/contract/faults.ts';
import { attempt } from '../state/action.ts';
import { request } from '../state/api.ts';
import { createStore } from '../state/store.ts';
import { useStore } from '../state/use-store.ts';

const catalogue = createStore<readonly FaultKind[]>([]);

/** Reads the kinds of faults again: pods come and go, and with them the targets. */
export async function refreshCatalogue(): Promise<void> {
  const answer = await attempt(() => request<{ faults: FaultKind[] }>('GET', '/api/faults/catalogue'));
  if (answer) catalogue.set(answer.faults);
}

/** The kinds of faults there are, read when the first part of the page that needs them appears. */
export function useFaultKinds(): readonly FaultKind[] {
  useEffect(() => {
    if (catalogue.get().length === 0) void refreshCatalogue();
  }, []);
  return useStore(catalogue, (kinds) => kinds);
}

export function startFault(fault: FaultRequest): Promise<ActiveFault> {
  return request<ActiveFault>('POST', '/api/faults', fault);
}

export function stopFault(id: string): Promise<unknown> {
  return request('DELETE', `/api/faults/${encodeURIComponent(id)}`);
}
