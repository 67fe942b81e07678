import { ApiError } from '../apiserver/api-error.ts';
import type { NodeProxy } from '../apiserver/api.ts';
import type { Pod } from '../kinds/types.ts';
import type { Kubelet } from './kubelet.ts';
import { readLog } from './log-reader.ts';
import type { PodRunner } from './pod-runner.ts';

/** What the API server asks of kubelets: container logs, and connections into pods. */
export function nodeProxy(kubelets: () => Kubelet[]): NodeProxy {
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
    dial: (pod, port) => find(pod).dial(port),
  };
}
