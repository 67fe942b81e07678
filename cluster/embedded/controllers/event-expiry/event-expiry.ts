import type { Event } from '../../kinds/types.ts';
import { ignoreNotFound, orNull } from '../../reconcile/api-errors.ts';
import { splitKey } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';

/** Kubernetes keeps Events for an hour; without an end they would fill the store. */
const keepMs = 60 * 60_000;

export const startEventExpiry = defineController({ name: 'event-expiry', for: 'Event', reconcile: expireEvent });

export async function expireEvent({ api, now }: Context, key: string): Promise<number | void> {
  const { namespace, name } = splitKey(key);
  const event = await orNull(api.get('Event', name, namespace));
  if (!event) return;
  const left = lastSeen(event) + keepMs - now();
  if (left > 0) return left;
  await ignoreNotFound(api.delete('Event', name, namespace));
}

function lastSeen({ lastTimestamp, eventTime, metadata }: Event): number {
  return Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0;
}
