import type { Cluster } from '../../cluster/client/cluster.ts';

/** What a container uses, as `kubectl top` has it. */
export interface Usage {
  /** In thousandths of a CPU. */
  cpuMillis: number;
  memoryMb: number;
}

interface PodMetrics {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  containers: { name: string; usage: { cpu: string; memory: string } }[];
}

const factors: Record<string, number> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 },
};

/** A Kubernetes quantity as metrics.k8s.io writes them: `12500n`, `22528Ki`. */
function quantity(text: string): number {
  const [, number = '', suffix = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  return Number(number) * (factors[suffix] ?? NaN);
}

/**
 * What the containers of one name use now, by their pods; those that have just started are not known yet. Throws ClusterError where the cluster
 * measures nothing, as one without a metrics-server.
 */
export async function usageOf(cluster: Pick<Cluster, 'list'>, container: string): Promise<Map<string, Usage>> {
  const pods = await cluster.list<PodMetrics>('metrics.k8s.io/v1beta1', 'PodMetrics');
  return new Map(
    pods.flatMap(({ metadata, containers }) => {
      const usage = containers.find(({ name }) => name === container)?.usage;
      if (!usage) return [];
      return [[metadata.name, { cpuMillis: quantity(usage.cpu) * 1000, memoryMb: quantity(usage.memory) / 2 ** 20 }]];
    }),
  );
}
