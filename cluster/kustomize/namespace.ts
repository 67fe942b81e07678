import type { KubeObject, Resource } from './kube-object.ts';
import { listOf } from './workload.ts';

/** Built-in kinds that live outside namespaces. A kind that is unknown counts as one that lives in one. */
const clusterScoped = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'ComponentStatus',
  'CustomResourceDefinition',
  'FlowSchema',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'SelfSubjectAccessReview',
  'SelfSubjectRulesReview',
  'StorageClass',
  'SubjectAccessReview',
  'TokenReview',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
]);

/** Puts all resources into one namespace; a Namespace among them gets that name. */
export function setNamespace(resources: Resource[], namespace: string): void {
  const objects = resources.map(({ object }) => object);
  const accounts = new Set(
    objects.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => place(metadata)),
  );
  for (const object of objects) {
    if (object.kind.endsWith('RoleBinding')) moveSubjects(object, accounts, namespace);
    if (object.kind === 'Namespace') object.metadata.name = namespace;
    else if (!clusterScoped.has(object.kind)) object.metadata.namespace = namespace;
  }
}

/** ServiceAccounts that move along take the bindings that name them with them; so does the one every namespace has. */
function moveSubjects(binding: KubeObject, accounts: Set<string>, namespace: string): void {
  for (const subject of listOf(binding, 'subjects')) {
    const account =
      subject['kind'] === 'ServiceAccount' && (subject['name'] === 'default' || accounts.has(place(subject)));
    if (account) subject['namespace'] = namespace;
  }
}

function place({ namespace = 'default', name }: { namespace?: unknown; name?: unknown }): string {
  return `${String(namespace)}/${String(name)}`;
}
