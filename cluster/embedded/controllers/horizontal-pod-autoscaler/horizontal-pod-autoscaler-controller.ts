import { selectorMatches } from '../../kinds/label-selector.ts';
import { timestamp } from '../../kinds/timestamp.ts';
import type { Deployment, HorizontalPodAutoscaler, KindName } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { setCondition, type Condition } from '../../reconcile/conditions.ts';
import { splitKey, type Running } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { writeStatus } from '../../reconcile/write-status.ts';
import { limit, type History } from './behavior.ts';
import { propose, type MetricStatus, type Proposal, type Sources } from './metrics.ts';
import { NoMetricsError } from './replica-calculator.ts';

/** Between two looks (--horizontal-pod-autoscaler-sync-period). */
const syncMs = 15_000;

export interface AutoscalerContext extends Context, Sources {
  /** By key. Gone with the process, as upstream's. */
  histories: Map<string, History>;
}

/** Sets the replicas of what a HorizontalPodAutoscaler names by what its pods use, or by what comes from outside. */
export function startHorizontalPodAutoscalerController(services: Omit<Sources, 'metrics'>): Running {
  const { podUsage } = services;
  const histories = new Map<string, History>();
  return defineController({
    name: 'horizontal-pod-autoscaler',
    for: 'HorizontalPodAutoscaler',
    reconcile: (context, key) => reconcileAutoscaler({ ...context, podUsage, histories }, key),
  })(services);
}

export async function reconcileAutoscaler(context: AutoscalerContext, key: string): Promise<number | void> {
  const { api, events, histories } = context;
  const now = context.now();
  const { namespace, name } = splitKey(key);
  const autoscaler = await orNull(api.get('HorizontalPodAutoscaler', name, namespace));
  if (!autoscaler?.spec) return void histories.delete(key);
  const { spec } = autoscaler;
  const history = histories.get(key) ?? { recommendations: [], changes: [] };
  histories.set(key, history);
  let conditions = autoscaler.status?.conditions as Condition[] | undefined;
  const set = (type: string, status: string, reason: string, message: string) => {
    conditions = setCondition(conditions, { type, status, reason, message }, now);
  };
  const write = (more: object) =>
    writeStatus(api, autoscaler, {
      ...{ currentReplicas: 0, desiredReplicas: 0, ...autoscaler.status, ...more },
      conditions,
    } as HorizontalPodAutoscaler['status']);

  const { kind, name: targetName } = spec.scaleTargetRef;
  const target = await scaleTarget(context, kind, targetName, namespace);
  if (!target) {
    const message = `the HPA controller was unable to get the target's current scale: ${kind} "${targetName}" not found`;
    set('AbleToScale', 'False', 'FailedGetScale', message);
    events.event({ object: autoscaler }, 'Warning', 'FailedGetScale', message);
    await write({});
    return syncMs;
  }
  const current = target.spec?.replicas ?? 1;
  set('AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale");
  let wanted = current;
  let reason = '';
  let currentMetrics: MetricStatus[] | undefined = autoscaler.status?.currentMetrics;
  const min = spec.minReplicas ?? 1;
  if (current === 0) {
    set(
      'ScalingActive',
      'False',
      'ScalingDisabled',
      'scaling is disabled since the replica count of the target is zero',
    );
  } else if (current > spec.maxReplicas) {
    [wanted, reason] = [spec.maxReplicas, 'Current number of replicas above Spec.MaxReplicas'];
  } else if (current < min) {
    [wanted, reason] = [min, 'Current number of replicas below Spec.MinReplicas'];
  } else {
    const found = await proposals(context, autoscaler, target, current, now);
    currentMetrics = found.statuses;
    if (found.error) set('ScalingActive', 'False', found.error.reason, found.error.message);
    if (found.best) {
      const { best } = found;
      if (!found.error) {
        const message = `the HPA was able to successfully calculate a replica count from ${best.name}`;
        set('ScalingActive', 'True', 'ValidMetricFound', message);
      }
      const { replicas, stabilized, limited } = limit(best.replicas, current, spec, history, now);
      set('ScalingLimited', limited.status, limited.reason, limited.message);
      if (stabilized) {
        const [direction, which, how] =
          best.replicas < current ? ['Down', 'higher', 'highest'] : ['Up', 'lower', 'lowest'];
        const message = `recent recommendations were ${which} than current one, applying the ${how} recent recommendation`;
        set('AbleToScale', 'True', `Scale${direction}Stabilized`, message);
      } else set('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size');
      [wanted, reason] = [replicas, replicas > current ? `${best.name} above target` : 'All metrics below target'];
    } else if (found.error) {
      events.event({ object: autoscaler }, 'Warning', found.error.reason, found.error.message);
    }
  }
  let { lastScaleTime } = autoscaler.status ?? {};
  if (wanted !== current) {
    await api.patch(kind as KindName, targetName, namespace, { spec: { replicas: wanted } });
    history.changes = [...history.changes.filter(({ at }) => at > now - 1_800_000), { at: now, by: wanted - current }];
    lastScaleTime = timestamp(now);
    set(
      'AbleToScale',
      'True',
      'SucceededRescale',
      `the HPA controller was able to update the target scale to ${wanted}`,
    );
    events.event({ object: autoscaler }, 'Normal', 'SuccessfulRescale', `New size: ${wanted}; reason: ${reason}`);
  }
  const observedGeneration = autoscaler.metadata.generation;
  const currentReplicas = target.status?.replicas ?? 0;
  await write({ currentReplicas, desiredReplicas: wanted, currentMetrics, lastScaleTime, observedGeneration });
  return syncMs;
}

async function scaleTarget(
  { api }: Context,
  kind: string,
  name: string,
  namespace: string,
): Promise<Deployment | null> {
  const scalable = ['Deployment', 'ReplicaSet', 'StatefulSet'].includes(kind);
  return scalable ? ((await orNull(api.get(kind as KindName, name, namespace))) as Deployment | null) : null;
}

/** The metric that wants most decides; with one that cannot be had, nothing shrinks. */
async function proposals(
  context: AutoscalerContext,
  { spec }: HorizontalPodAutoscaler,
  target: Deployment,
  currentReplicas: number,
  now: number,
): Promise<{ best?: Proposal; statuses: MetricStatus[]; error?: { reason: string; message: string } }> {
  const { namespace = '' } = target.metadata;
  const { items } = await context.api.list('Pod', { namespace });
  const pods = items.filter(({ metadata }) => selectorMatches(target.spec!.selector, metadata.labels ?? {}));
  const statuses: MetricStatus[] = [];
  let best: Proposal | undefined;
  let error: { reason: string; message: string } | undefined;
  for (const metric of spec?.metrics ?? []) {
    try {
      const proposal = await propose(context, metric, { namespace, pods, currentReplicas, now });
      statuses.push(proposal.status);
      if (!best || proposal.replicas > best.replicas) best = proposal;
    } catch (cause) {
      if (!(cause instanceof NoMetricsError)) throw cause;
      statuses.push({ type: metric.type });
      const message = `the HPA was unable to compute the replica count: ${cause.message}`;
      error ??= { reason: `FailedGet${metric.type}Metric`, message };
    }
  }
  return error && best && best.replicas < currentReplicas ? { statuses, error } : { best, statuses, error };
}
