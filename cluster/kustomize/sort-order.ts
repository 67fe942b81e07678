import { groupOf, type KubeObject } from './kube-object.ts';

/** What others need comes before them (kubectl's "legacy" order). A kind that is not named comes between the two lists. */
const first = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
];
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

/** By kind, then group and version, then namespace and name. */
export function inOrder(objects: KubeObject[]): KubeObject[] {
  return objects
    .map((object) => ({ object, rank: rank(object.kind), key: key(object) }))
    .sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1))
    .map(({ object }) => object);
}

function rank(kind: string): number {
  const early = first.indexOf(kind);
  if (early >= 0) return early - first.length;
  return last.indexOf(kind) + 1;
}

function key(object: KubeObject): string {
  const { apiVersion, kind, metadata } = object;
  const type = [groupOf(object), apiVersion.split('/').at(-1), kind].filter((part) => part !== '').join('.');
  return [type, metadata.namespace ?? '', metadata.name].join('|');
}
