import { timestamp } from '../../kinds/timestamp.ts';
import type { Node, Pod } from '../../kinds/types.ts';
import { canonicalQuantity } from '../../quantity.ts';
import { notFound } from '../api-error.ts';
import type { ContainerUsage } from '../api.ts';
import { selection } from '../http/list-page.ts';
import type { ApiRequest } from '../http/request.ts';
import { send } from '../http/respond.ts';
import type { VirtualResource } from '../registry/api-resource.ts';

const group = 'metrics.k8s.io';
const version = 'v1beta1';
const apiVersion = `${group}/${version}`;

/** `kubectl top pods`: what the containers of the pods that run use. A pod appears once it was looked at twice. */
export const podMetrics = metrics('PodMetrics', 'pods', true, (request) =>
  (request.server.registry.kind('Pod').list(selection(request)) as Pod[]).flatMap((pod) => {
    const usage = request.server.nodes.podUsage(pod);
    if (!usage) return [];
    const containers = usage.containers.map((container) => ({ name: container.name, usage: usageOf([container]) }));
    return [{ ...head('PodMetrics', pod, usage.at, usage.windowMs), containers }];
  }),
);

/** `kubectl top nodes`: what all pods of a node use together. The machine itself is none of the nodes'. */
export const nodeMetrics = metrics('NodeMetrics', 'nodes', false, (request) => {
  const { registry, nodes } = request.server;
  const pods = registry.kind('Pod').list() as Pod[];
  return (registry.kind('Node').list(selection(request)) as Node[]).map((node) => {
    const own = pods.filter(({ spec }) => spec?.nodeName === node.metadata.name);
    const usages = own.flatMap((pod) => nodes.podUsage(pod) ?? []);
    const at = Math.max(...usages.map((usage) => usage.at), 0) || Date.now();
    const windowMs = Math.max(...usages.map((usage) => usage.windowMs), 0);
    return {
      ...head('NodeMetrics', node, at, windowMs),
      usage: usageOf(usages.flatMap(({ containers }) => containers)),
    };
  });
});

/** A kind of metrics.k8s.io/v1beta1 (k8s.io/metrics): read-only, made anew for each request. */
function metrics(
  kind: string,
  plural: string,
  namespaced: boolean,
  read: (request: ApiRequest) => object[],
): VirtualResource {
  return {
    ...{ group, version, kind, plural, singular: '', namespaced, shortNames: [], categories: [] },
    handlers: {
      list(request) {
        send(request, 200, { kind: `${kind}List`, apiVersion, metadata: {}, items: read(request) });
      },
      get(request) {
        const [found] = read(request);
        if (!found) throw notFound({ group, plural: kind.toLowerCase() }, request.name!);
        send(request, 200, found);
      },
    },
  };
}

function head(kind: string, { metadata }: Pod | Node, at: number, windowMs: number): object {
  const { name, namespace, labels } = metadata;
  const time = timestamp(at);
  return {
    ...{ kind, apiVersion, metadata: { name, namespace, labels, creationTimestamp: time } },
    ...{ timestamp: time, window: `${windowMs / 1000}s` },
  };
}

function usageOf(containers: ContainerUsage[]): { cpu: string; memory: string } {
  const nanoCores = containers.reduce((total, { cpuNanoCores }) => total + cpuNanoCores, 0);
  const bytes = containers.reduce((total, { workingSetBytes }) => total + workingSetBytes, 0);
  return { cpu: canonicalQuantity(`${nanoCores}n`), memory: `${Math.ceil(bytes / 1024)}Ki` };
}
