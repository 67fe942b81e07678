import type { Pod } from '../embedded/kinds/types.ts';
import type { Cluster } from './cluster.ts';

/** Pods of the app that run and are not on their way out, in the order of their names. */
export function runningPods(cluster: Cluster, app: string): Pod[] {
  return cluster.view.pods.list().filter(({ metadata, status }) => {
    return metadata.labels?.['app'] === app && status?.phase === 'Running' && !metadata.deletionTimestamp;
  });
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}
