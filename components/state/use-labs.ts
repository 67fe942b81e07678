import { useEffect } from 'react';
import type { LabSummary } from '../../server/contract/lab.ts';
import { attempt } from './action.ts';
import { request } from './api.ts';
import { createStore } from './store.ts';
import { useStore } from './use-store.ts';

const labs = createStore<readonly LabSummary[] | null>(null);
let reading = false;

/** The catalogue of labs, read once; null until then. */
export function useLabs(): readonly LabSummary[] | null {
  useEffect(() => {
    if (labs.get() || reading) return;
    reading = true;
    void attempt(() => request<{ labs: LabSummary[] }>('GET', '/api/labs')).then((answer) => {
      reading = false;
      if (answer) labs.set(answer.labs);
    });
  }, []);
  return useStore(labs, (list) => list);
}
