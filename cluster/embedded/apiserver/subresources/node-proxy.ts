import type { Pod } from '../../kinds/types.ts';
import { ApiError } from '../api-error.ts';
import { storageOf, type ApiRequest } from '../http/request.ts';
import { send, sendBytes } from '../http/respond.ts';
import type { Subresource } from '../registry/api-resource.ts';
import { sendLogOf } from './pod-log.ts';

/** `nodes/proxy`: of what a kubelet answers over HTTP, its health, its pods and the logs of their containers. */
export const nodeProxy: Subresource = {
  of: ({ group, kind }) => group === '' && kind === 'Node',
  name: 'proxy',
  kind: 'NodeProxyOptions',
  connect: { verbs: ['get'], handle },
};

async function handle(request: ApiRequest): Promise<void> {
  const { res, rest, server } = request;
  const node = /^(?:https?:)?([^:]+)(?::\d*)?$/.exec(request.name!)?.[1] ?? '';
  storageOf(request).get(node, undefined);
  const [what, ...path] = rest.split('/').filter(Boolean);
  const pods = (server.registry.kind('Pod').list() as Pod[]).filter(({ spec }) => spec?.nodeName === node);
  if (what === 'healthz') return sendBytes(res, 200, 'ok', 'text/plain; charset=utf-8');
  if (what === 'pods') return send(request, 200, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods });
  if (what === 'containerLogs' && path.length === 3) {
    const [namespace, name, container] = path;
    const pod = pods.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
    if (pod) return sendLogOf(request, pod, container!);
  }
  throw new ApiError(
    'NotFound',
    `a kubelet here answers healthz, pods and containerLogs/NAMESPACE/POD/CONTAINER; not ${rest || '/'}`,
  );
}
