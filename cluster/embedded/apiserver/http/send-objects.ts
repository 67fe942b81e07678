import type { Kind } from '../../kinds/kind.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { storageOf, type ApiRequest } from './request.ts';
import { includeObject, represent, representList, type ListMeta } from './representation.ts';
import { send } from './respond.ts';

/** How a request's objects are printed, where they are not those that are stored. */
type Printed = Parameters<typeof represent>[0];

/** Answers with one object, as the client wants it. */
export function sendObject(
  request: ApiRequest,
  code: number,
  object: KubeObject,
  kind: Printed = kindOf(request),
): void {
  const { representation, query } = request;
  send(request, code, represent(kind, object, representation, includeObject(query)), representation.format);
}

/** Answers with several objects, as the client wants them. */
export function sendList(request: ApiRequest, kind: Printed, items: KubeObject[], metadata: ListMeta): void {
  const { representation, query } = request;
  const list = representList(kind, items, metadata, representation, includeObject(query));
  send(request, 200, list, representation.format);
}

function kindOf(request: ApiRequest): Kind {
  return storageOf(request).kind;
}
