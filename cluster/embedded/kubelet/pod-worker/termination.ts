import type { Plan } from './plan.ts';
import type { ContainerRecord, PodRecords, Termination } from './records.ts';

/** However long preStop took, a container has this long between its stop signal and SIGKILL: upstream's minimumGracePeriodInSeconds. */
const shortestMs = 2_000;

/**
 * The end of a run, as the kubelet's killContainer:
 *
 *   since ── preStop ── its turn ── stop signal ──────────── SIGKILL
 *     └────────────────── graceMs ─────────────────────────────┘   but 2 s at least after the signal
 *
 * preStop is given up and the turn no longer waited for when the grace is over. While the cluster stops, there are no two seconds to give.
 */
export function nextInTermination(records: PodRecords, record: ContainerRecord, now: number): Plan {
  const end = record.run!.end!;
  if (end.isKilled) return { actions: [], lookAt: Infinity };
  if (end.signalledAt === null) {
    const over = end.since + end.graceMs;
    const mayEnd = end.preStop === 'done' && isItsTurn(records, record);
    if (!mayEnd && now < over) return { actions: [], lookAt: over };
    return { actions: [{ type: 'signal', container: record.name }], lookAt: Infinity };
  }
  const killAt =
    end.signalledAt + graceAfterSignal(end, end.signalledAt, records.end?.why === 'Stopped' ? 0 : shortestMs);
  return now < killAt
    ? { actions: [], lookAt: killAt }
    : { actions: [{ type: 'kill', container: record.name }], lookAt: Infinity };
}

/** Of the time before the signal whole seconds count, as upstream. */
function graceAfterSignal({ since, graceMs }: Termination, signalledAt: number, shortest: number): number {
  return Math.max(shortest, graceMs - Math.floor((signalledAt - since) / 1000) * 1000);
}

/** Sidecars go after the containers, the last one first. In a pod that lives on, only this one container ends. */
function isItsTurn({ containers, end }: PodRecords, record: ContainerRecord): boolean {
  if (!end || end.why === 'Stopped' || record.sort !== 'sidecar') return true;
  const after = containers.slice(containers.indexOf(record) + 1).filter(({ sort }) => sort !== 'init');
  return after.every(({ run, isStarting }) => !run && !isStarting);
}
