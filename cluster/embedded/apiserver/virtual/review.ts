import { readTyped } from '../http/read-typed.ts';
import type { ApiRequest } from '../http/request.ts';
import { send } from '../http/respond.ts';
import type { VirtualResource } from '../registry/api-resource.ts';

/** A kind that can only be created, and is answered with its status. */
export function review(
  group: string,
  kind: string,
  statusOf: (request: ApiRequest, spec: object) => object | Promise<object>,
): VirtualResource {
  const apiVersion = `${group}/v1`;
  const singular = kind.toLowerCase();
  return {
    ...{ group, version: 'v1', kind, plural: `${singular}s`, singular },
    ...{ shortNames: [], categories: [], namespaced: false },
    handlers: {
      async create(request) {
        const { spec } = await readTyped(request.req, apiVersion, kind);
        const status = await statusOf(request, spec ?? {});
        send(request, 201, { kind, apiVersion, metadata: {}, ...(spec ? { spec } : {}), status });
      },
    },
  };
}
