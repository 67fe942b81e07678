import type { Api, PodUsage } from '../../apiserver/api.ts';
import { selectorMatches } from '../../kinds/label-selector.ts';
import type { Container, HorizontalPodAutoscaler, Pod } from '../../kinds/types.ts';
import { canonicalQuantity, milliValue } from '../../quantity.ts';
import { isReady } from '../../reconcile/pod-state.ts';
import {
  NoMetricsError,
  replicasByAverage,
  replicasByUse,
  replicasByValue,
  type Calculation,
  type PodMetric,
} from './replica-calculator.ts';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
export type MetricSpec = NonNullable<Spec['metrics']>[number];
export type MetricStatus = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];
type ResourceSource =
  NonNullable<MetricSpec['containerResource']> | (NonNullable<MetricSpec['resource']> & { container?: undefined });

/** What metrics are read from. */
export interface Sources {
  api: Api;
  /** What the pod's containers use; null as long as that is not known. */
  podUsage(pod: Pod): PodUsage | null;
}

export interface Scaled {
  namespace: string;
  pods: Pod[];
  currentReplicas: number;
  now: number;
}

export interface Proposal {
  replicas: number;
  /** For status.currentMetrics. */
  status: MetricStatus;
  /** As the event of a rescale names it. */
  name: string;
}

/** @throws NoMetricsError */
export async function propose(sources: Sources, metric: MetricSpec, scaled: Scaled): Promise<Proposal> {
  if (metric.external) return external(sources.api, metric.external, scaled);
  const source = metric.containerResource ?? metric.resource;
  if (!source) {
    const served = 'no custom metrics API (custom.metrics.k8s.io) registered';
    throw new NoMetricsError(`unable to fetch metrics from custom metrics API: ${served}`);
  }
  return resource(sources, metric.type, source as ResourceSource, scaled);
}

function resource(
  sources: Sources,
  type: string,
  source: ResourceSource,
  { pods, currentReplicas, now }: Scaled,
): Proposal {
  const { name, target, container } = source;
  const metrics = new Map<string, PodMetric>();
  for (const pod of pods) {
    const usage = sources.podUsage(pod);
    if (!usage) continue;
    const own = usage.containers.filter((one) => container === undefined || one.name === container);
    // In thousandths of a CPU, or of a byte, as requests are.
    const value = own.reduce(
      (sum, one) => sum + (name === 'cpu' ? one.cpuNanoCores / 1e6 : one.workingSetBytes * 1000),
      0,
    );
    metrics.set(pod.metadata.name, { value, at: usage.at, windowMs: usage.windowMs });
  }
  const byShare = target.type === 'Utilization';
  const request = (pod: Pod) => requestOf(pod, name, container);
  const share = (target.averageUtilization ?? 0) / 100;
  const wanted = byShare ? 0 : milliValue(target.averageValue!);
  const calculation: Calculation = {
    ...{ pods, metrics, currentReplicas, now, isCpu: name === 'cpu' },
    target: (pod) => (byShare ? request(pod) * share : wanted),
    assumed: (pod) => (byShare ? request(pod) * Math.max(1, share) : wanted),
  };
  const replicas = replicasByUse(calculation);
  const measured = pods.filter((pod) => metrics.has(pod.metadata.name));
  const used = measured.reduce((sum, pod) => sum + metrics.get(pod.metadata.name)!.value, 0);
  const requested = byShare ? measured.reduce((sum, pod) => sum + request(pod), 0) : 0;
  const current = {
    averageValue: canonicalQuantity(`${Math.round(used / measured.length)}m`),
    ...(byShare && { averageUtilization: Math.floor((used * 100) / requested) }),
  };
  const status =
    container === undefined
      ? { type, resource: { name, current } }
      : { type, containerResource: { name, container, current } };
  const what = byShare ? 'resource utilization (percentage of request)' : '';
  return { replicas, status, name: `${name} ${container === undefined ? '' : 'container '}${what || 'resource'}` };
}

function requestOf({ metadata, spec }: Pod, name: string, container: string | undefined): number {
  const containers: Container[] = (spec?.containers ?? []).filter(
    (one) => container === undefined || one.name === container,
  );
  return containers.reduce((sum, one) => {
    const request = one.resources?.requests?.[name];
    if (request !== undefined) return sum + milliValue(request);
    throw new NoMetricsError(`missing request for ${name} in container ${one.name} of Pod ${metadata.name}`);
  }, 0);
}

async function external(
  api: Api,
  { metric, target }: NonNullable<MetricSpec['external']>,
  scaled: Scaled,
): Promise<Proposal> {
  const { items } = await api.list('ExternalMetric', { namespace: scaled.namespace });
  const found = items.filter(
    ({ spec, metadata }) =>
      spec.metricName === metric.name && selectorMatches(metric.selector ?? {}, metadata.labels ?? {}),
  );
  const name = `external metric ${metric.name}(${JSON.stringify(metric.selector ?? null)})`;
  if (found.length === 0)
    throw new NoMetricsError(`unable to fetch metrics from external metrics API: no values for ${metric.name}`);
  const value = found.reduce((sum, { spec }) => sum + milliValue(spec.value), 0);
  const { pods, currentReplicas } = scaled;
  const byAverage = target.averageValue !== undefined;
  const replicas = byAverage
    ? replicasByAverage(value, milliValue(target.averageValue!), currentReplicas)
    : replicasByValue(value, milliValue(target.value!), pods.filter(isReady).length, currentReplicas);
  const current = byAverage
    ? { averageValue: canonicalQuantity(`${Math.ceil(value / Math.max(1, currentReplicas))}m`) }
    : { value: canonicalQuantity(`${value}m`) };
  return { replicas, status: { type: 'External', external: { metric, current } }, name };
}
