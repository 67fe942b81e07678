import { objectHandlers } from '../http/objects.ts';
import type { Subresource } from '../registry/api-resource.ts';

/** The status of whatever has one of its own: bodies are the whole object, of which the status alone is written. */
export const status: Subresource = {
  of: (kind) => kind.status,
  name: 'status',
  handlers: { get: objectHandlers.get, update: objectHandlers.update, patch: objectHandlers.patch },
};
