import type { PodSpec } from '../types.ts';

/** What Kubernetes fills in for a pod's spec, in a Pod as in a template, beside what holds for single fields. */
export function defaultPodSpec(spec: PodSpec): void {
  if (spec.serviceAccountName) spec.serviceAccount ??= spec.serviceAccountName;
  const { initContainers = [], containers = [], ephemeralContainers = [] } = spec;
  for (const container of [...initContainers, ...containers, ...ephemeralContainers]) {
    container.imagePullPolicy ??= isLatest(container.image) ? 'Always' : 'IfNotPresent';
  }
  for (const volume of spec.volumes ?? []) if (Object.keys(volume).length === 1) volume.emptyDir = {};
}

/** The like for a workload, whose pods are made of a template. */
export function defaultTemplate(spec: { template?: { spec?: PodSpec } } | undefined): void {
  if (spec?.template?.spec) defaultPodSpec(spec.template.spec);
}

/** An image without tag and digest, or tagged `latest`. */
function isLatest(image: string | undefined): boolean {
  if (!image || image.includes('@')) return false;
  const name = image.slice(image.lastIndexOf('/') + 1);
  return !name.includes(':') || name.endsWith(':latest');
}
