import type { V1Binding } from '@kubernetes/client-node';
import { badRequest, success } from '../api-error.ts';
import { readTyped } from '../http/read-typed.ts';
import { isDryRun, storageOf } from '../http/request.ts';
import { send } from '../http/respond.ts';
import type { Subresource } from '../registry/api-resource.ts';
import { bindPod } from '../registry/binding.ts';
import { isPod } from './pods.ts';

/** `pods/binding`: puts a pod on a node. */
export const podBinding: Subresource = {
  of: isPod,
  name: 'binding',
  kind: 'Binding',
  handlers: {
    async create(request) {
      const { target, metadata = {} } = (await readTyped(request.req, 'v1', 'Binding')) as Partial<V1Binding>;
      if (!target?.name) throw badRequest('a Binding has to name a node: target.name');
      const { name, namespace, query } = request;
      if (metadata.name && metadata.name !== name)
        throw badRequest('name in URL does not match name in Binding object');
      const { uid, resourceVersion } = metadata;
      bindPod(storageOf(request), name!, namespace!, target.name, { uid, resourceVersion, dryRun: isDryRun(query) });
      send(request, 201, success());
    },
  },
};
