import { since } from '../columns.ts';
import type { Pod } from '../types.ts';

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

/** Ready containers of all containers: `1/2`. */
export function readiness({ spec, status }: Pod): string {
  const ready = (status?.containerStatuses ?? []).filter((container) => container.ready && container.state?.running);
  return `${ready.length}/${spec?.containers.length ?? 0}`;
}

/** Restarts of all containers, with the time of the latest: `3 (12s ago)`. */
export function restarts({ status }: Pod, now: number): string {
  const containers = status?.containerStatuses ?? [];
  const count = containers.reduce((sum, container) => sum + (container.restartCount ?? 0), 0);
  const ends = containers.flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []);
  const latest = ends.sort().at(-1);
  return count > 0 && latest ? `${count} (${since(latest, now)} ago)` : String(count);
}

/** The word kubectl prints under STATUS: what the pod's containers are up to rather than its phase, where they say more. */
export function summary(pod: Pod): string {
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp) return status?.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  return initSummary(pod) ?? containersSummary(pod);
}

/** How far the init containers have come; undefined once they are through. */
function initSummary({ spec, status }: Pod): string | undefined {
  const statuses = status?.initContainerStatuses ?? [];
  for (const [index, { state }] of statuses.entries()) {
    if (state?.terminated?.exitCode === 0) continue;
    if (state?.terminated) return `Init:${endReason(state.terminated)}`;
    const { reason } = state?.waiting ?? {};
    if (reason && reason !== 'PodInitializing') return `Init:${reason}`;
    return `Init:${index}/${spec?.initContainers?.length ?? statuses.length}`;
  }
  return undefined;
}

function containersSummary({ status }: Pod): string {
  const containers = status?.containerStatuses ?? [];
  let word = status?.reason || status?.phase || 'Unknown';
  let running = false;
  for (const { state, ready } of [...containers].reverse()) {
    if (state?.waiting?.reason) word = state.waiting.reason;
    else if (state?.terminated) word = endReason(state.terminated);
    else if (ready && state?.running) running = true;
  }
  if (word !== 'Completed' || !running) return word;
  const isReady = status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return isReady ? 'Running' : 'NotReady';
}

function endReason({
  reason,
  signal,
  exitCode,
}: NonNullable<NonNullable<ContainerStatus['state']>['terminated']>): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}
