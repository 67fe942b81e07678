import type { Namespace } from '../../kinds/types.ts';
import { decodeObject } from '../http/decode-object.ts';
import { readObject } from '../http/body.ts';
import { isDryRun, storageOf } from '../http/request.ts';
import { send } from '../http/respond.ts';
import { finalizeNamespace } from '../registry/finalize.ts';
import type { Subresource } from '../registry/api-resource.ts';

/** `namespaces/finalize`: writes the finalizers in the spec of a Namespace. Bodies are the whole Namespace. */
export const namespaceFinalize: Subresource = {
  of: ({ group, kind }) => group === '' && kind === 'Namespace',
  name: 'finalize',
  handlers: {
    async update(request) {
      const storage = storageOf(request);
      const given = decodeObject(request, await readObject(request.req, storage.kind.model)) as Namespace;
      send(request, 200, finalizeNamespace(storage, given, isDryRun(request.query)));
    },
  },
};
