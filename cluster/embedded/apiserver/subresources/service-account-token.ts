import { timestamp } from '../../kinds/timestamp.ts';
import type { TokenSpec } from '../auth/service-account-tokens.ts';
import { readTyped } from '../http/read-typed.ts';
import { isDryRun, storageOf } from '../http/request.ts';
import { send } from '../http/respond.ts';
import type { Subresource } from '../registry/api-resource.ts';

const apiVersion = 'authentication.k8s.io/v1';

/** `serviceaccounts/token`: a token of the account, as `kubectl create token` asks for one. */
export const serviceAccountToken: Subresource = {
  of: ({ group, kind }) => group === '' && kind === 'ServiceAccount',
  name: 'token',
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  handlers: {
    async create(request) {
      const { req, name, namespace, server, query } = request;
      const { spec = {} } = await readTyped(req, apiVersion, 'TokenRequest');
      const issued = await server.tokens.issue(name!, namespace!, spec as TokenSpec);
      if (isDryRun(query)) issued.status.token = '';
      const { uid } = storageOf(request).get(name!, namespace).metadata;
      const metadata = { name, namespace, uid, creationTimestamp: timestamp() };
      send(request, 201, {
        kind: 'TokenRequest',
        apiVersion,
        metadata,
        ...issued,
        spec: { boundObjectRef: null, ...issued.spec },
      });
    },
  },
};
