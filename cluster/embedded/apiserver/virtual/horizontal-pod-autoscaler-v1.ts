import type { V1HorizontalPodAutoscaler, V2MetricSpec } from '@kubernetes/client-node';
import type { HorizontalPodAutoscaler, KubeObject } from '../../kinds/types.ts';
import { readTyped } from '../http/read-typed.ts';
import { fieldManager, isDryRun, type ApiRequest } from '../http/request.ts';
import { send } from '../http/respond.ts';
import type { VirtualResource } from '../registry/api-resource.ts';

const kind = 'HorizontalPodAutoscaler';
const apiVersion = 'autoscaling/v1';

/** What `kubectl autoscale` of before 1.33 creates: the autoscaler of version v2 in the older form, which knows the CPU alone. */
export const horizontalPodAutoscalerV1: VirtualResource = {
  ...{ group: 'autoscaling', version: 'v1', kind, plural: 'horizontalpodautoscalers' },
  ...{ singular: 'horizontalpodautoscaler', shortNames: ['hpa'], categories: ['all'], namespaced: true },
  handlers: {
    async create(request) {
      const given = (await readTyped(request.req, apiVersion, kind)) as Partial<V1HorizontalPodAutoscaler>;
      const { user, query, warnings, namespace } = request;
      const options = { user, manager: fieldManager(request), dryRun: isDryRun(query) };
      const object = { ...newer(given), metadata: { ...given.metadata, namespace } } as KubeObject;
      const created = storage(request).create(object, { ...options, warn: (message) => warnings.push(message) });
      send(request, 201, older(created as HorizontalPodAutoscaler));
    },
    get(request) {
      send(request, 200, older(storage(request).get(request.name!, request.namespace) as HorizontalPodAutoscaler));
    },
  },
};

const storage = ({ server }: ApiRequest) => server.registry.kind(kind);

function newer({ spec }: Partial<V1HorizontalPodAutoscaler>): { spec?: HorizontalPodAutoscaler['spec'] } {
  if (!spec) return {};
  const { targetCPUUtilizationPercentage: averageUtilization, ...rest } = spec;
  const resource = { name: 'cpu', target: { type: 'Utilization', averageUtilization } };
  return { spec: { ...rest, ...(averageUtilization && { metrics: [{ type: 'Resource', resource }] }) } };
}

function older({ metadata, spec, status }: HorizontalPodAutoscaler): object {
  const { scaleTargetRef, minReplicas, maxReplicas, metrics } = spec!;
  const { observedGeneration, lastScaleTime, currentReplicas = 0, desiredReplicas = 0 } = status ?? {};
  return {
    ...{ kind, apiVersion, metadata },
    spec: { scaleTargetRef, minReplicas, maxReplicas, targetCPUUtilizationPercentage: cpu(metrics) },
    status: { observedGeneration, lastScaleTime, currentReplicas, desiredReplicas },
  };
}

function cpu(metrics: V2MetricSpec[] | undefined): number | undefined {
  return metrics?.find(({ resource }) => resource?.name === 'cpu')?.resource!.target.averageUtilization;
}
