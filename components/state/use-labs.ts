import { useEffect } from 'react';
import type { LabSummary } from '../../server/contract/lab.ts';
import { createAnswer } from './answer.ts';
import { request } from './api.ts';
import { useStore } from './use-store.ts';

const labs = createAnswer(async () => (await request<{ labs: LabSummary[] }>('GET', '/api/labs')).labs);

/** The catalogue of labs, read once; null until then. */
export function useLabs(): readonly LabSummary[] | null {
  useEffect(() => labs.need(), []);
  return useStore(labs, (list) => list);
}
