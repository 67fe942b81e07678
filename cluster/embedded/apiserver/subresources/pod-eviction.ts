import type { V1Eviction } from '@kubernetes/client-node';
import { badRequest, success } from '../api-error.ts';
import { readTyped } from '../http/read-typed.ts';
import { parseRemoveOptions } from '../http/remove-options.ts';
import { send } from '../http/respond.ts';
import type { Subresource } from '../registry/api-resource.ts';
import { evictPod } from '../registry/eviction.ts';
import { isPod } from './pods.ts';

/** `pods/eviction`: a delete that a PodDisruptionBudget may refuse. */
export const podEviction: Subresource = {
  of: isPod,
  name: 'eviction',
  group: 'policy',
  version: 'v1',
  kind: 'Eviction',
  handlers: {
    async create(request) {
      const { name, namespace, query, user, server } = request;
      const { deleteOptions, metadata } = (await readTyped(
        request.req,
        'policy/v1',
        'Eviction',
      )) as Partial<V1Eviction>;
      if ((metadata?.name ?? name) !== name) throw badRequest('name in URL does not match name in Eviction object');
      const options = parseRemoveOptions({ ...deleteOptions }, query);
      evictPod(server.registry, name!, namespace!, { ...options, user });
      send(request, 201, success());
    },
  },
};
