import type { Api } from '../../apiserver/api.ts';
import type { Job, Pod } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { claim } from '../../reconcile/claim.ts';
import { controllerOf } from '../../reconcile/owner.ts';
import { indexKey } from './indexes.ts';
import { isTracked, trackingFinalizer } from './tally.ts';

export async function podsOf(api: Api, job: Job): Promise<Pod[]> {
  const { items } = await api.list('Pod', { namespace: job.metadata.namespace });
  return claim(api, job, 'Pod', items);
}

/** A pod of a Job, for one part of the work where the Job is Indexed. */
export function podFor({ metadata, spec }: Job, index: number | null) {
  const { template } = spec!;
  const finalizers = [trackingFinalizer];
  if (index === null)
    return { prefix: `${metadata.name}-`, template: { ...template, metadata: { ...template.metadata, finalizers } } };
  const own = { [indexKey]: String(index) };
  const variable = {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${indexKey}']` } },
  };
  const withIndex = (containers: NonNullable<Pod['spec']>['containers']) =>
    containers.map((container) => ({ ...container, env: [...(container.env ?? []), variable] }));
  const podSpec = template.spec!;
  return {
    prefix: `${metadata.name}-${index}-`,
    template: {
      metadata: {
        ...template.metadata,
        finalizers,
        labels: { ...template.metadata?.labels, ...own },
        annotations: { ...template.metadata?.annotations, ...own },
      },
      spec: {
        ...podSpec,
        hostname: `${metadata.name}-${index}`,
        containers: withIndex(podSpec.containers),
        ...(podSpec.initContainers && { initContainers: withIndex(podSpec.initContainers) }),
      },
    },
  };
}

/** Lets go of a pod whose end is counted, or counts for nothing. */
export async function untrack(api: Api, pod: Pod): Promise<void> {
  if (!isTracked(pod)) return;
  const { name, namespace, uid, resourceVersion, finalizers = [] } = pod.metadata;
  const others = finalizers.filter((finalizer) => finalizer !== trackingFinalizer);
  const left = others.length > 0 ? others : null;
  await orNull(api.patch('Pod', name, namespace, { metadata: { uid, resourceVersion, finalizers: left } }));
}

/** Of a Job that is gone there is nobody left to count for. */
export async function untrackOrphans(api: Api, namespace: string, name: string): Promise<void> {
  for (const pod of (await api.list('Pod', { namespace })).items) {
    const controller = controllerOf(pod);
    if (controller?.kind === 'Job' && controller.name === name) await untrack(api, pod);
  }
}
