import type { Pod } from '../../cluster/client/objects.ts';
import type { PodState, PodView } from '../contract/topology.ts';

/** A container that is not ready yet counts as starting for this long, then as not ready. */
const startingMs = 15_000;

export function podView(pod: Pod, now: number): PodView {
  const [state, status] = stateOf(pod, now);
  return {
    name: pod.metadata.name,
    node: pod.spec?.nodeName ?? null,
    state,
    status,
    restarts: (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    createdAt: Date.parse(pod.metadata.creationTimestamp ?? '') || now,
  };
}

/** The state as drawn, and the words of kubectl's STATUS column (its printPod knows the same order of precedence). */
function stateOf({ metadata, spec, status }: Pod, now: number): [PodState, string] {
  const containers = status?.containerStatuses ?? [];
  if (metadata.deletionTimestamp) return ['terminating', 'Terminating'];
  if (status?.phase === 'Failed') return ['failed', status.reason ?? 'Error'];
  if (status?.phase === 'Succeeded') return ['terminating', 'Completed'];
  for (const { state } of containers) {
    const waiting = state?.waiting?.reason;
    if (waiting === 'CrashLoopBackOff') return ['crash-loop', waiting];
    if (waiting && waiting !== 'ContainerCreating' && waiting !== 'PodInitializing') return ['failed', waiting];
    if (state?.terminated) return ['crash-loop', state.terminated.reason ?? 'Error'];
  }
  if (!spec?.nodeName) return ['pending', 'Pending'];
  if (containers.length === 0 || containers.some(({ state }) => !state?.running))
    return ['starting', 'ContainerCreating'];
  if (containers.every(({ ready }) => ready)) return ['ready', 'Running'];
  const started = Math.max(...containers.map(({ state }) => Date.parse(state?.running?.startedAt ?? '') || 0));
  return [now - started < startingMs ? 'starting' : 'not-ready', 'Running'];
}
