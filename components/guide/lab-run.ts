import type { LabRun } from '../../server/contract/lab.ts';
import { request } from '../state/api.ts';
import { useSystem } from '../state/use-system.ts';

/** The run of this lab; null while another or none runs. */
export function useLabRun(lab: string): LabRun | null {
  const run = useSystem('lab');
  return run?.lab === lab ? run : null;
}

/** What a learner can ask of a lab. The next frame shows the outcome. */
export type LabRequest = 'start' | 'step' | 'predict' | 'answer' | 'hint' | 'show-me' | 'reset-step';

export function askLab(lab: string, what: LabRequest, body?: unknown): Promise<LabRun> {
  return request<LabRun>('POST', `/api/labs/${encodeURIComponent(lab)}/${what}`, body);
}
