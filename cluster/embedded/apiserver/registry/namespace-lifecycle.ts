import { NODE_LEASES } from '../../kinds/lease.ts';
import type { Namespace } from '../../kinds/types.ts';
import { isDiskFull } from '../../reconcile/api-errors.ts';
import { startWorkQueue } from '../../reconcile/work-queue.ts';
import type { Registry } from './registry.ts';
import type { Resource } from './resource.ts';

/** The namespaces every cluster has. */
const initial = ['default', NODE_LEASES, 'kube-public', 'kube-system'];
/** When a namespace that could not be emptied for want of space is tried again, in ms. */
const diskFullRetryMs = 1_000;

/**
 * Creates the namespaces every cluster has, and empties those that are being deleted. A namespace is let go once nothing is
 * left in it. Returns the function that ends it.
 */
export function keepNamespaces(registry: Registry): () => void {
  const namespaces = registry.kind('Namespace');
  const contents = registry.resources.filter(({ kind }) => kind.namespaced);
  const present = new Set(namespaces.list().map(({ metadata }) => metadata.name));
  for (const name of initial) if (!present.has(name)) namespaces.create({ metadata: { name } });

  // Not in the watches themselves: what is written there and fails, as on a full disk, would end the process.
  const queue = startWorkQueue(empty, {
    onError: (name, error, retryMs) => console.error(`namespace ${name}: trying again in ${retryMs} ms:`, error),
  });
  const terminating = new Set<string>();
  const stops = contents.map((resource) =>
    resource.watch({}, resource.revision, ({ type, object: { metadata } }) => {
      if (type === 'DELETED' && terminating.has(metadata.namespace!)) queue.add(metadata.namespace!);
    }),
  );
  stops.push(
    namespaces.watch({}, undefined, ({ type, object: { metadata } }) => {
      if (type === 'DELETED') terminating.delete(metadata.name);
      else if (metadata.deletionTimestamp && !terminating.has(metadata.name)) {
        terminating.add(metadata.name);
        queue.add(metadata.name);
      }
    }),
  );
  return () => {
    stops.forEach((stop) => stop());
    void queue.close();
  };

  async function empty(namespace: string): Promise<number | void> {
    try {
      const left = contents.flatMap((resource) => deleteAll(resource, namespace));
      if (left.length === 0) release(namespaces, namespace);
    } catch (error) {
      if (isDiskFull(error)) return diskFullRetryMs;
      throw error;
    }
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
