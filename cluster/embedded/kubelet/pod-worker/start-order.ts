import type { Plan } from './plan.ts';
import { isStarted, type ContainerRecord, type PodRecords } from './records.ts';

const nothing: Plan = { actions: [], lookAt: Infinity };

/**
 * Which container is to be started next. One at a time, in their order: the next one follows once the one before runs, its postStart
 * through, or could not be started. Init containers have to end well before others come; a sidecar has to be started.
 */
export function nextStart(records: PodRecords, now: number): Plan {
  const { podIP, containers } = records;
  const isBusy = containers.some(({ isStarting, run }) => isStarting || run?.postStart === 'running');
  if (podIP === null || isBusy) return nothing;
  let lookAt = Infinity;
  for (const record of candidates(records)) {
    const at = record.retry?.at ?? now;
    if (at <= now) return { actions: [{ type: 'start', container: record.name }], lookAt: Infinity };
    lookAt = Math.min(lookAt, at);
  }
  return { actions: [], lookAt };
}

/** Those that do not run and should, if their time has come. */
function candidates({ containers, isInitialized }: PodRecords): ContainerRecord[] {
  const wants = (record: ContainerRecord) => !record.run && (record.state.kind === 'waiting' || record.retry !== null);
  if (isInitialized) return containers.filter((record) => record.sort !== 'init' && wants(record));
  // Somebody wants to know why the others do not come.
  const found = containers.filter((record) => record.sort === 'ephemeral' && wants(record));
  for (const record of containers.filter(({ sort }) => sort !== 'ephemeral')) {
    if (wants(record)) found.push(record);
    if (record.sort === 'main') continue;
    const isThrough =
      record.sort === 'sidecar'
        ? isStarted(record)
        : record.state.kind === 'terminated' && record.state.exitCode === 0 && !record.retry;
    if (!isThrough) return found;
  }
  return found;
}
