import type { Api } from '../../apiserver/api.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { splitKey, type Running } from '../../reconcile/controller.ts';
import { defineController } from '../../reconcile/define-controller.ts';

const NAME = 'kube-root-ca.crt';
const annotations = {
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc.',
};

/** Puts the certificate by which the API server is trusted into every namespace; pods mount it beside their token. */
export function startRootCaCertPublisher({ api, caCertificate }: { api: Api; caCertificate: string }): Running {
  return defineController({
    name: 'root-ca-cert-publisher',
    for: 'Namespace',
    maps: () => ({ ConfigMap: ({ metadata }) => (metadata.name === NAME ? `/${metadata.namespace}` : null) }),
    reconcile: (context, key) => publishRootCa(context.api, key, caCertificate),
  })({ api });
}

export async function publishRootCa(api: Api, key: string, caCertificate: string): Promise<void> {
  const namespace = await orNull(api.get('Namespace', splitKey(key).name));
  if (!namespace || namespace.metadata.deletionTimestamp) return;
  const metadata = { name: NAME, namespace: namespace.metadata.name, annotations };
  const data = { 'ca.crt': caCertificate };
  const there = await orNull(api.get('ConfigMap', NAME, metadata.namespace));
  if (!there) await api.create('ConfigMap', { metadata, data });
  else if (there.data?.['ca.crt'] !== caCertificate) await api.update('ConfigMap', { ...there, data });
}
