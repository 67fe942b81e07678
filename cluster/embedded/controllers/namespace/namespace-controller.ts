import type { Api } from '../../apiserver/api.ts';
import { systemNamespaces } from '../../kinds/namespace.ts';
import { ignoreNotFound, orNull } from '../../reconcile/api-errors.ts';
import { keyOf, splitKey, startController, type Running } from '../../reconcile/controller.ts';
import { contentConditions, type Left } from './content-conditions.ts';

/**
 * Empties the namespaces that are being deleted, and lets each go once nothing is left in it. One that every cluster has comes
 * back: nodes renew their leases in it.
 */
export function startNamespaceController(services: { api: Api }): Running {
  const api = services.api.as('system:serviceaccount:kube-system:namespace-controller', 'kube-controller-manager');
  return startController(api, {
    name: 'namespace',
    watch: { Namespace: keyOf },
    // The last object that goes lets its namespace go.
    watchEvery:
      () =>
      ({ metadata: { namespace } }, type) =>
        type === 'DELETED' && namespace !== undefined ? `/${namespace}` : null,
    reconcile: (key) => reconcileNamespace(api, splitKey(key).name),
  });
}

export async function reconcileNamespace(api: Api, name: string): Promise<void> {
  const namespace = await orNull(api.get('Namespace', name));
  if (!namespace && systemNamespaces.includes(name)) await api.create('Namespace', { metadata: { name } });
  if (!namespace?.metadata.deletionTimestamp) return;
  const left = await empty(api, name);
  if (left.length === 0) {
    // Others may hold a namespace too.
    const { finalizers = [] } = namespace.spec ?? {};
    const others = finalizers.filter((finalizer) => finalizer !== 'kubernetes');
    if (others.length < finalizers.length) await api.finalize({ ...namespace, spec: { finalizers: others } });
    return;
  }
  const conditions = contentConditions(left, namespace.status?.conditions);
  await api.updateStatus('Namespace', { ...namespace, status: { ...namespace.status, conditions } });
}

/** Deletes what is not already on its way out; answers what is still there. */
async function empty(api: Api, namespace: string): Promise<Left[]> {
  const left: Left[] = [];
  for (const kind of api.kinds().filter(({ namespaced }) => namespaced)) {
    for (const { metadata } of (await api.list(kind.name, { namespace })).items) {
      if (!metadata.deletionTimestamp) await ignoreNotFound(api.delete(kind.name, metadata.name, namespace));
    }
    left.push(...(await api.list(kind.name, { namespace })).items.map((object) => ({ kind, object })));
  }
  return left;
}
