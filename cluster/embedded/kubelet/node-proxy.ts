import { ApiError } from '../apiserver/api-error.ts';
import type { NodeProxy, PodUsage } from '../apiserver/api.ts';
import type { Pod } from '../kinds/types.ts';
import type { Kubelet } from './kubelet.ts';
import { readLog } from './log-reader.ts';
import type { PodRunner } from './pod-runner.ts';

/** What the API server asks of kubelets: container logs, connections into pods, and what these use. */
export function nodeProxy(kubelets: () => Kubelet[], usage: (podUid: string) => PodUsage | null): NodeProxy {
  function find(pod: Pod): PodRunner {
    for (const kubelet of kubelets()) {
      const runner = kubelet.pod(pod.metadata.uid!);
      if (runner) return runner;
    }
    const { name, namespace } = pod.metadata;
    throw new ApiError('NotFound', `pod ${namespace}/${name} runs on no node; wait until it is scheduled`);
  }

  return {
    async *logs(pod, container, options, signal) {
      const log = find(pod).log(container, options.previous ?? false);
      if (log) {
        yield* readLog(log, options, signal);
        return;
      }
      const { name } = pod.metadata;
      throw new ApiError(
        'BadRequest',
        options.previous
          ? `previous terminated container "${container}" in pod "${name}" not found`
          : `container "${container}" in pod "${name}" is waiting to start`,
      );
    },
    exec: async (pod, ...rest) => find(pod).exec(...rest),
    attach: async (pod, ...rest) => find(pod).attach(...rest),
    dial: (pod, ...rest) => find(pod).dial(...rest),
    podUsage: ({ metadata }) => usage(metadata.uid!),
  };
}
