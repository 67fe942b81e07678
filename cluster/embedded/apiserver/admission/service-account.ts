import type { Container, KubeObject, Pod, PodSpec, ServiceAccount } from '../../kinds/types.ts';
import { forbidden } from '../api-error.ts';
import { generatedName } from '../registry/object-meta.ts';
import type { Registry } from '../registry/registry.ts';
import type { AdmissionPlugin } from './admission.ts';

const DEFAULT = 'default';
/** Where client libraries look for a pod's token, its namespace and the certificate authority. */
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const PREFIX = 'kube-api-access-';

/**
 * Gives a new pod its service account, and its containers the files by which they use the API
 * (kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin: bound service account token volume mechanism).
 */
export const serviceAccountAdmission: AdmissionPlugin = {
  name: 'ServiceAccount',
  admit(object, { operation, kind, dryRun }, registry) {
    if (operation !== 'CREATE' || kind.kind !== 'Pod') return;
    const { metadata, spec } = object as Pod;
    if (!spec) return;
    spec.serviceAccountName ||= spec.serviceAccount || DEFAULT;
    const name = spec.serviceAccountName;
    const account = accountOf(metadata.namespace!, name, registry, dryRun);
    if (!account) {
      const message = `error looking up service account ${metadata.namespace}/${name}: serviceaccount "${name}" not found`;
      throw forbidden({ group: '', plural: 'pods' }, metadata.name, message);
    }
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(spec);
  },
};

/** The `default` of a namespace is its controller's to make; a pod that comes before it does not wait for that. */
function accountOf(namespace: string, name: string, registry: Registry, dryRun: boolean): ServiceAccount | undefined {
  const accounts = registry.kind('ServiceAccount');
  const found = accounts.find(name, namespace);
  if (found || name !== DEFAULT) return found;
  return accounts.create({ metadata: { name, namespace } } as KubeObject, { dryRun });
}

function mountToken(spec: PodSpec): void {
  const without = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].filter(needsToken);
  if (without.length === 0) return;
  spec.volumes ??= [];
  let name = spec.volumes.find((volume) => volume.name?.startsWith(PREFIX))?.name;
  if (name === undefined) {
    name = generatedName(PREFIX);
    spec.volumes.push({ name, projected: { sources: accessSources(), defaultMode: 0o644 } });
  }
  for (const container of without) {
    (container.volumeMounts ??= []).push({ name, readOnly: true, mountPath: MOUNT_PATH });
  }
}

function needsToken({ volumeMounts = [] }: Container): boolean {
  return !volumeMounts.some(({ mountPath }) => mountPath === MOUNT_PATH);
}

function accessSources(): NonNullable<NonNullable<NonNullable<PodSpec['volumes']>[number]['projected']>['sources']> {
  const namespace = { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } };
  return [
    // Seven seconds over the hour tell the tokens of this volume from others, as upstream's do.
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [namespace] } },
  ];
}
