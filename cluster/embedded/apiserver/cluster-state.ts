import { Database } from '../store/database.ts';
import { Store } from '../store/store.ts';
import type { Api } from './api.ts';
import { LocalApi } from './local-api.ts';
import { keepNamespaces } from './registry/namespace-lifecycle.ts';
import { Registry } from './registry/registry.ts';

/** The state of the cluster with all the rules of its API, but without HTTP. */
export interface ClusterState {
  registry: Registry;
  api: Api;
  /** The API as one of the cluster's own parts uses it; its writes bear the name. */
  apiFor(manager: string): Api;
  close(): void;
}

/**
 * Opens the cluster's state, with the namespaces every cluster has.
 *
 * @param file the database; without it the state is gone with the process
 * @throws DatabaseError
 */
export function openClusterState(file?: string): ClusterState {
  const store = new Store(file === undefined ? {} : { database: new Database(file) });
  const registry = new Registry(store);
  const stopNamespaces = keepNamespaces(registry);
  return {
    registry,
    api: new LocalApi(registry, 'kube-apiserver'),
    apiFor: (manager) => new LocalApi(registry, manager),
    close() {
      stopNamespaces();
      store.close();
    },
  };
}
