import type { Pod } from '../../kinds/types.ts';
import { findCondition } from '../../reconcile/conditions.ts';
import { hasEnded } from '../../reconcile/pod-state.ts';

/** A difference from the target smaller than this share changes nothing (--horizontal-pod-autoscaler-tolerance). */
const TOLERANCE = 0.1;
/** How long after its start a pod's CPU counts only as long as it is ready (--horizontal-pod-autoscaler-cpu-initialization-period). */
const cpuInitializationMs = 5 * 60_000;
/** A pod that has not been ready since so soon after its start has never been (--horizontal-pod-autoscaler-initial-readiness-delay). */
const initialReadinessMs = 30_000;

/** What one pod uses of a resource. */
export interface PodMetric {
  value: number;
  /** Unix time in ms, and what the value is an average over, in ms. */
  at: number;
  windowMs: number;
}

export interface Calculation {
  pods: Pod[];
  /** By the name of the pod; those without are missing. */
  metrics: Map<string, PodMetric>;
  /** What each pod should use: a share of its own request, or the same for all. */
  target(pod: Pod): number;
  /** What a pod without a metric is taken to use when that would keep it: its request, or more where the target is. */
  assumed(pod: Pod): number;
  isCpu: boolean;
  currentReplicas: number;
  now: number;
}

/** There is nothing to calculate with. */
export class NoMetricsError extends Error {
  readonly code = 'NoMetrics';
}

/**
 * How many replicas would bring the use to its target: ceil(ready pods x use / target). Pods whose metric is missing are taken to use
 * all when it would shrink and nothing when it would grow, unready pods nothing; where that turns the sign, nothing changes.
 * https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
 *
 * @throws NoMetricsError
 */
export function replicasByUse(calculation: Calculation): number {
  const { pods, metrics, target, assumed, currentReplicas } = calculation;
  const counted = pods.filter((pod) => !pod.metadata.deletionTimestamp && pod.status?.phase !== 'Failed');
  const unready = counted.filter((pod) => isUnready(pod, metrics.get(pod.metadata.name), calculation));
  const steady = counted.filter((pod) => !unready.includes(pod));
  const missing = steady.filter((pod) => !metrics.has(pod.metadata.name));
  const ready = steady.filter((pod) => !missing.includes(pod));
  if (ready.length === 0) throw new NoMetricsError('did not receive metrics for targeted pods (pods might be unready)');
  const use = (pod: Pod) => metrics.get(pod.metadata.name)!.value;
  const ratio = share(ready.map((pod) => [use(pod), target(pod)]));
  const growsPastUnready = unready.length > 0 && ratio > 1;
  if (!growsPastUnready && missing.length === 0) {
    return Math.abs(1 - ratio) <= TOLERANCE ? currentReplicas : Math.ceil(ratio * ready.length);
  }
  const supposed = ready.map((pod): [number, number] => [use(pod), target(pod)]);
  for (const pod of missing) supposed.push([ratio < 1 ? assumed(pod) : 0, target(pod)]);
  if (growsPastUnready) for (const pod of unready) supposed.push([0, target(pod)]);
  const cautious = share(supposed);
  const turns = (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1);
  if (Math.abs(1 - cautious) <= TOLERANCE || turns) return currentReplicas;
  const replicas = Math.ceil(cautious * supposed.length);
  const contradicts = (cautious < 1 && replicas > currentReplicas) || (cautious > 1 && replicas < currentReplicas);
  return contradicts ? currentReplicas : replicas;
}

/** The like for one number that is about all pods together, such as the length of a queue. */
export function replicasByValue(value: number, target: number, readyPods: number, currentReplicas: number): number {
  const ratio = value / target;
  if (currentReplicas !== 0 && Math.abs(1 - ratio) <= TOLERANCE) return currentReplicas;
  return Math.ceil(currentReplicas === 0 ? ratio : ratio * readyPods);
}

/** The like for a number of which every pod should have so much. */
export function replicasByAverage(value: number, target: number, currentReplicas: number): number {
  const ratio = value / (target * currentReplicas);
  return Math.abs(1 - ratio) <= TOLERANCE ? currentReplicas : Math.ceil(value / target);
}

function share(uses: [use: number, target: number][]): number {
  const sum = (index: 0 | 1) => uses.reduce((total, pair) => total + pair[index], 0);
  return sum(0) / sum(1);
}

function isUnready(pod: Pod, metric: PodMetric | undefined, { isCpu, now }: Calculation): boolean {
  const { status } = pod;
  if (status?.phase === 'Pending') return true;
  if (!metric || !isCpu || hasEnded(pod)) return false;
  const ready = findCondition(status?.conditions, 'Ready');
  if (!ready || !status?.startTime) return true;
  const [started, since] = [Date.parse(status.startTime), Date.parse(ready.lastTransitionTime ?? status.startTime)];
  if (started + cpuInitializationMs > now) return ready.status === 'False' || metric.at < since + metric.windowMs;
  return ready.status === 'False' && started + initialReadinessMs > since;
}
