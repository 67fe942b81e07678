import { orNull } from '../../reconcile/api-errors.ts';
import { splitKey } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';

/** Gives every namespace the service account `default`, which pods have that name none. */
export const startServiceAccountController = defineController({
  name: 'service-account',
  for: 'Namespace',
  maps: () => ({ ServiceAccount: ({ metadata }) => `/${metadata.namespace}` }),
  reconcile: giveDefaultAccount,
});

export async function giveDefaultAccount({ api }: Context, key: string): Promise<void> {
  const namespace = await orNull(api.get('Namespace', splitKey(key).name));
  if (!namespace || namespace.metadata.deletionTimestamp) return;
  const metadata = { name: 'default', namespace: namespace.metadata.name };
  if (await orNull(api.get('ServiceAccount', 'default', metadata.namespace))) return;
  await api.create('ServiceAccount', { metadata });
}
