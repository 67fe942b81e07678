import type { KubeObject, Resource } from './kube-object.ts';
import { listOf, podSpec } from './workload.ts';

type Fields = Record<string, unknown>;

/** Points every reference to `renamed`, a ConfigMap or Secret that was called `before`, to its name now. */
export function renameReferences(resources: Resource[], renamed: KubeObject, before: string): void {
  for (const { object } of resources) {
    if (object.metadata.namespace !== renamed.metadata.namespace) continue;
    for (const { holder, field } of references(object, renamed.kind)) {
      if (holder[field] === before) holder[field] = renamed.metadata.name;
    }
  }
}

interface Reference {
  holder: Fields;
  field: string;
}

/** The places in a workload, Ingress or ServiceAccount that name a ConfigMap or a Secret. */
function references(object: KubeObject, kind: string): Reference[] {
  const spec = podSpec(object);
  const secret = kind === 'Secret';
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => listOf(spec, list));
  const env = containers.flatMap((container) => listOf(container, 'env')).map(({ valueFrom }) => valueFrom as Fields);
  const envFrom = containers.flatMap((container) => listOf(container, 'envFrom'));
  const volumes = listOf(spec, 'volumes');
  const projected = volumes.flatMap(({ projected }) => listOf(projected as Fields | undefined, 'sources'));
  const named = [
    ...env.map((source) => source?.[secret ? 'secretKeyRef' : 'configMapKeyRef']),
    ...envFrom.map((source) => source[secret ? 'secretRef' : 'configMapRef']),
    ...projected.map((source) => source[secret ? 'secret' : 'configMap']),
    ...(secret ? listOf(spec, 'imagePullSecrets') : volumes.map(({ configMap }) => configMap)),
    ...(secret && object.kind === 'ServiceAccount'
      ? [...listOf(object, 'secrets'), ...listOf(object, 'imagePullSecrets')]
      : []),
  ];
  const bySecretName = [
    ...volumes.map((volume) => volume['secret']),
    ...(object.kind === 'Ingress' ? listOf(object['spec'] as Fields, 'tls') : []),
  ];
  const reference = (holder: unknown, field: string) => (holder ? [{ holder: holder as Fields, field }] : []);
  return [
    ...named.flatMap((holder) => reference(holder, 'name')),
    ...(secret ? bySecretName.flatMap((holder) => reference(holder, 'secretName')) : []),
  ];
}
