import type { LabEvent } from '../../server/contract/lab.ts';
import { attempt } from './action.ts';
import { request } from './api.ts';
import { useLabStore } from './lab-store-context.ts';
import type { LabStore } from './lab-store.ts';

const reporterOf =
  ({ system }: LabStore) =>
  (event: LabEvent): void => {
    const lab = system.get()?.lab?.lab;
    if (!lab) return;
    void attempt(() => request('POST', `/api/labs/${encodeURIComponent(lab)}/events`, event));
  };

/** Tells the running lab what the learner did, so that a check can tick. Without a lab nobody asks. */
export function useLabEvents(): (event: LabEvent) => void {
  return useLabStore().own(reporterOf);
}
