import type { Manifest } from '../../../cluster/client/apply.ts';

/** What a state of the system has to hold to. One file each in this folder; index.ts lists them. */
export interface Policy {
  id: string;
  title: string;
  /** What may happen where it is not held to. */
  why: string;
  /** What an object does not hold to, in words that say where and what to do; empty where it does. */
  violations(manifest: Manifest): string[];
}

/** As in the pod template of any workload; what is not checked here stays unknown. */
export interface Container {
  name: string;
  image?: string;
  ports?: unknown[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  readinessProbe?: unknown;
  securityContext?: { privileged?: boolean };
}

interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
  hostNetwork?: boolean;
  hostPID?: boolean;
}

/** The pod spec of a workload, or of a pod itself; null of any other object. */
export function podSpecOf(manifest: Manifest): PodSpec | null {
  const spec = (
    manifest as { spec?: { template?: { spec?: PodSpec }; jobTemplate?: { spec?: { template?: { spec?: PodSpec } } } } }
  ).spec;
  if (manifest.kind === 'Pod') return (spec as PodSpec | undefined) ?? null;
  return spec?.template?.spec ?? spec?.jobTemplate?.spec?.template?.spec ?? null;
}

/** Every container of a workload, those that only begin or stand beside included. */
export function containersOf(manifest: Manifest): Container[] {
  const spec = podSpecOf(manifest);
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
}
