import type { FaultRequest } from '../../server/contract/faults.ts';

/** What a newcomer is invited to break, and the one switch that helps. Names of services are the page's to give: app/. */
export interface Scenario {
  /** `Break the bank`. */
  invitation: string;
  /** `Mend the bank`. */
  mend: string;
  fault: FaultRequest;
  /** Requests per second at which the fault is felt. */
  load: number;
  remedy: { pattern: string; option: string };
  /** What happens, each in a sentence or two. */
  words: { broken: string; helped: string; mended: string };
  /** The id of the lab that explains it. */
  lab: string;
}

export type Phase = 'starting' | 'well' | 'broken' | 'helped' | 'mended';

/**
 * Where somebody is in it, by what the shop is like: whoever did it, and from wherever.
 *
 * @param served why customers are not served as they should be; null when they are, undefined while that is not known
 */
export function phaseOf(of: { acting: boolean; remedied: boolean; served: string | null | undefined }): Phase {
  if (of.acting) return of.remedied ? 'helped' : 'broken';
  if (of.remedied) return 'mended';
  return of.served === null ? 'well' : 'starting';
}
