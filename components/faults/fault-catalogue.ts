import { useEffect } from 'react';
import type { ActiveFault, FaultKind, FaultRequest } from '../../server/contract/faults.ts';
import { createAnswer } from '../state/answer.ts';
import { request } from '../state/api.ts';
import { useLabStore } from '../state/lab-store-context.ts';
import type { LabStore } from '../state/lab-store.ts';
import { useStore } from '../state/use-store.ts';

const NONE: readonly FaultKind[] = [];

const catalogueOf = ({ connection }: LabStore) =>
  createAnswer(connection, async () => (await request<{ faults: FaultKind[] }>('GET', '/api/faults/catalogue')).faults);

/** How to read the kinds of faults again: pods come and go, and with them the targets. */
export function useCatalogueRefresh(): () => Promise<void> {
  return useLabStore().own(catalogueOf).refresh;
}

/** The kinds of faults there are, read when the first part of the page that needs them appears. */
export function useFaultKinds(): readonly FaultKind[] {
  const catalogue = useLabStore().own(catalogueOf);
  useEffect(() => catalogue.need(), [catalogue]);
  return useStore(catalogue, (kinds) => kinds ?? NONE);
}

export function startFault(fault: FaultRequest): Promise<ActiveFault> {
  return request<ActiveFault>('POST', '/api/faults', fault);
}

export function stopFault(id: string): Promise<unknown> {
  return request('DELETE', `/api/faults/${encodeURIComponent(id)}`);
}
