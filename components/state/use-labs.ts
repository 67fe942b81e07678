import { useEffect } from 'react';
import type { LabSummary } from '../../server/contract/lab.ts';
import { createAnswer } from './answer.ts';
import { request } from './api.ts';
import { useLabStore } from './lab-store-context.ts';
import type { LabStore } from './lab-store.ts';
import { useStore } from './use-store.ts';

const labsOf = ({ connection }: LabStore) =>
  createAnswer(connection, async () => (await request<{ labs: LabSummary[] }>('GET', '/api/labs')).labs);

/** The catalogue of labs, read once; null until then. */
export function useLabs(): readonly LabSummary[] | null {
  const labs = useLabStore().own(labsOf);
  useEffect(() => labs.need(), [labs]);
  return useStore(labs, (list) => list);
}
