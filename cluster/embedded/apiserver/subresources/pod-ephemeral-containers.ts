import { objectHandlers } from '../http/objects.ts';
import type { Subresource } from '../registry/api-resource.ts';
import { isPod } from './pods.ts';

/** `pods/ephemeralcontainers`: the only way to add one to a Pod. Bodies are the whole Pod. */
export const podEphemeralContainers: Subresource = {
  of: isPod,
  name: 'ephemeralcontainers',
  handlers: { get: objectHandlers.get, update: objectHandlers.update, patch: objectHandlers.patch },
};
