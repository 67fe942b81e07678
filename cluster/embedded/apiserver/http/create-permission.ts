import type { ApiRequest } from './request.ts';

/**
 * Holds who does by another verb what amounts to a `create` to the right to that: an apply or update of what is not there, and a stream into a pod. A
 * WebSocket is opened by a GET, so that until Kubernetes 1.35 whoever might only `get pods/exec` ran commands. Throws ApiError Forbidden.
 */
export function checkMayCreate({ user, verb, resource, namespace, name, subresource, server }: ApiRequest): void {
  if (verb === 'create') return;
  const { group, plural } = resource;
  server.authorizer.check(user, { verb: 'create', group, resource: plural, subresource, namespace, name });
}
