import type { KubeObject, Namespace } from '../../kinds/types.ts';
import type { StoredResource } from './stored-resource.ts';

/**
 * Writes the finalizers in the spec of a Namespace, as far as it is the one given; one that is being deleted goes with the last of them.
 *
 * @throws ApiError NotFound, Conflict
 */
export function finalizeNamespace(
  namespaces: StoredResource,
  { metadata: { name, uid, resourceVersion }, spec }: Namespace,
  dryRun = false,
): KubeObject {
  const old = namespaces.get(name);
  const draft = { ...old, spec: { finalizers: spec?.finalizers ?? [] } } as Namespace;
  return namespaces.replace(old, draft, { uid, resourceVersion, dryRun });
}
