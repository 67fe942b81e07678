import { since } from '../columns.ts';
import type { Pod } from '../types.ts';

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

/** Ready containers of all containers, sidecars among them: `1/2`. */
export function readiness(pod: Pod): string {
  const sidecars = sidecarsOf(pod);
  const ready = [...sidecars, ...(pod.status?.containerStatuses ?? [])].filter(
    (container) => container.ready && container.state?.running,
  );
  return `${ready.length}/${(pod.spec?.containers.length ?? 0) + sidecarNames(pod).length}`;
}

/** Restarts of all containers, with the time of the latest: `3 (12s ago)`. Those of init containers count while it initializes. */
export function restarts(pod: Pod, now: number): string {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const containers =
    initSummary(pod) === undefined ? [...sidecarsOf(pod), ...containerStatuses] : initContainerStatuses;
  const count = containers.reduce((sum, container) => sum + (container.restartCount ?? 0), 0);
  const ends = containers.flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []);
  const latest = ends.sort().at(-1);
  return count > 0 && latest ? `${count} (${since(latest, now)} ago)` : String(count);
}

/** The word kubectl prints under STATUS: what the pod's containers are up to rather than its phase, where they say more. */
export function summary(pod: Pod): string {
  const { metadata, status } = pod;
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (metadata.deletionTimestamp && status?.reason === 'NodeLost') return 'Unknown';
  if (metadata.deletionTimestamp && !isOver) return 'Terminating';
  return initSummary(pod) ?? containersSummary(pod);
}

function sidecarNames({ spec }: Pod): string[] {
  return (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name);
}

function sidecarsOf(pod: Pod): ContainerStatus[] {
  const names = sidecarNames(pod);
  return (pod.status?.initContainerStatuses ?? []).filter(({ name }) => names.includes(name));
}

/** How far the init containers have come; undefined once they are through. */
function initSummary(pod: Pod): string | undefined {
  const { spec, status } = pod;
  if (status?.conditions?.some(({ type, status }) => type === 'Initialized' && status === 'True')) return undefined;
  const sidecars = sidecarNames(pod);
  const statuses = status?.initContainerStatuses ?? [];
  for (const [index, { name, state, started }] of statuses.entries()) {
    if (state?.terminated?.exitCode === 0) continue;
    if (sidecars.includes(name) && started) continue;
    if (state?.terminated) return `Init:${endReason(state.terminated)}`;
    const { reason } = state?.waiting ?? {};
    if (reason && reason !== 'PodInitializing') return `Init:${reason}`;
    return `Init:${index}/${spec?.initContainers?.length ?? statuses.length}`;
  }
  return undefined;
}

function containersSummary({ status }: Pod): string {
  const containers = status?.containerStatuses ?? [];
  const isGated = status?.conditions?.some(({ reason }) => reason === 'SchedulingGated');
  let word = isGated ? 'SchedulingGated' : status?.reason || status?.phase || 'Unknown';
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
