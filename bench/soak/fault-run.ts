import type { ActiveFault, FaultKind, FaultRequest } from '../../server/contract/faults.ts';
import { until, type LabApi } from '../lab-api.ts';
import { requestOf, type Draw } from './random-fault.ts';

/** A fault that was asked for, and what became of it. */
export interface FaultRun {
  request: FaultRequest;
  /** Unix time in ms. */
  at: number;
  /** How it ended, as the page has it; null where it was refused. */
  ended: ActiveFault | null;
  /** Why it was refused, or did not act everywhere; null when nothing was wrong. */
  reason: string | null;
}

/** Beyond its lease, a fault may take so long to be undone: a pod that is killed again and again comes up again, a node comes back. */
const undoneWithinMs = 60_000;

/**
 * Carries out a fault that chance has drawn, to its end.
 *
 * @returns null where nothing can be broken at this moment
 * @throws Error when it has not ended long after its lease
 */
export async function runFault(api: LabApi, draw: Draw): Promise<FaultRun | null> {
  const { faults: catalogue } = await api.get<{ faults: FaultKind[] }>('/api/faults/catalogue');
  const request = requestOf(draw, catalogue);
  if (!request) return null;
  const at = Date.now();
  let id: string;
  try {
    ({ id } = await api.send<ActiveFault>('POST', '/api/faults', request));
  } catch (error) {
    // A pod that was there a moment ago may be gone. How many are refused is told, and bounded.
    return { request, at, ended: null, reason: error instanceof Error ? error.message : String(error) };
  }
  let ended: ActiveFault | undefined;
  await until(
    async () => {
      const { faults } = await api.get<{ faults: ActiveFault[] }>('/api/faults');
      ended = faults.find((fault) => fault.id === id && fault.state === 'ended');
      return ended !== undefined;
    },
    request.duration! * 1_000 + undoneWithinMs,
  );
  return { request, at, ended: ended!, reason: ended!.reason };
}

/** `Latency on payments>bank for 3 s`. */
export const nameOf = ({ request }: FaultRun): string =>
  `${request.kind} on ${request.target}${request.duration ? ` for ${request.duration} s` : ''}`;
