import { kinds } from '../kinds/index.ts';
import { systemNamespaces } from '../kinds/namespace.ts';
import { Database } from '../store/database.ts';
import { Store } from '../store/store.ts';
import type { Api } from './api.ts';
import { admissionPlugins } from './admission/index.ts';
import { Authorizer } from './auth/authorizer.ts';
import { writeBootstrapPolicy } from './auth/bootstrap-policy.ts';
import { ServiceAccountTokens } from './auth/service-account-tokens.ts';
import { newTokenKey } from './auth/token-key.ts';
import { apiServer } from './auth/user.ts';
import { objectHandlers } from './http/objects.ts';
import type { ServerContext } from './http/request.ts';
import { LocalApi } from './local-api.ts';
import { Registry } from './registry/registry.ts';
import { subresources } from './subresources/index.ts';
import { virtualResources } from './virtual/index.ts';

/** The state of the cluster with all the rules of its API, but without HTTP. */
export interface ClusterState extends Omit<ServerContext, 'nodes'> {
  api: Api;
  close(): void;
}

/**
 * Opens the cluster's state, with the namespaces every cluster has.
 *
 * @param file the database; without it the state is gone with the process
 * @param tokenKey signs the tokens of service accounts
 * @throws DatabaseError
 */
export function openClusterState(file?: string, tokenKey = newTokenKey()): ClusterState {
  const store = new Store(file === undefined ? {} : { database: new Database(file) });
  const registry = new Registry({ store, handlers: objectHandlers, subresources, admission: admissionPlugins });
  for (const kind of kinds) registry.registerKind(kind);
  for (const resource of virtualResources) registry.registerVirtual(resource);
  const namespaces = registry.kind('Namespace');
  for (const name of systemNamespaces) if (!namespaces.find(name)) namespaces.create({ metadata: { name } });
  writeBootstrapPolicy(registry);
  const tokens = new ServiceAccountTokens(registry, tokenKey);
  const api = new LocalApi({ registry, tokens }, apiServer, 'kube-apiserver');
  return { registry, tokens, authorizer: new Authorizer(registry), api, close: () => store.close() };
}
