import { NODE_LEASES } from '../../kinds/lease.ts';
import type { Namespace } from '../../kinds/types.ts';
import type { Registry } from './registry.ts';
import type { Resource } from './resource.ts';

/** The namespaces every cluster has. */
const initial = ['default', NODE_LEASES, 'kube-public', 'kube-system'];

/**
 * Creates the namespaces every cluster has, and empties those that are being deleted. A namespace is let go once nothing is
 * left in it. Returns the function that ends it.
 */
export function keepNamespaces(registry: Registry): () => void {
  const namespaces = registry.kind('Namespace');
  const contents = registry.resources.filter(({ kind }) => kind.namespaced);
  const present = new Set(namespaces.list().map(({ metadata }) => metadata.name));
  for (const name of initial) if (!present.has(name)) namespaces.create({ metadata: { name } });

  const terminating = new Set<string>();
  const stops = contents.map((resource) =>
    resource.watch({}, resource.revision, ({ type, object: { metadata } }) => {
      if (type === 'DELETED' && terminating.has(metadata.namespace!)) empty(metadata.namespace!);
    }),
  );
  stops.push(
    namespaces.watch({}, undefined, ({ type, object: { metadata } }) => {
      if (type === 'DELETED') terminating.delete(metadata.name);
      else if (metadata.deletionTimestamp && !terminating.has(metadata.name)) {
        terminating.add(metadata.name);
        empty(metadata.name);
      }
    }),
  );
  return () => stops.forEach((stop) => stop());

  function empty(namespace: string): void {
    const left = contents.flatMap((resource) => deleteAll(resource, namespace));
    if (left.length === 0) release(namespaces, namespace);
  }
}

/** Deletes what is not already on its way out; answers what is still there. */
function deleteAll(resource: Resource, namespace: string): unknown[] {
  for (const { metadata } of resource.list({ namespace })) {
    if (!metadata.deletionTimestamp) resource.delete(metadata.name, namespace);
  }
  return resource.list({ namespace });
}

function release(namespaces: Resource, name: string): void {
  const [namespace] = namespaces.list({ fieldSelector: `metadata.name=${name}` }) as Namespace[];
  if (namespace?.metadata.deletionTimestamp)
    namespaces.replace(namespace, { ...namespace, spec: { finalizers: [] } } as Namespace);
}
