import type { Api } from '../apiserver/api.ts';
import type { Event } from '../kinds/types.ts';
import { isNotFound, orNull } from '../reconcile/api-errors.ts';
import { keyOf, splitKey, startController, type Running } from '../reconcile/controller.ts';

/** Kubernetes keeps Events for an hour; without an end they would fill the store. */
const keepMs = 60 * 60_000;

export function startEventExpiry(api: Api): Running {
  return startController(api, {
    name: 'event-expiry',
    watch: { Event: (event, type) => (type === 'ADDED' ? keyOf(event) : null) },
    reconcile: (key) => expireEvent(api, key, Date.now()),
  });
}

export async function expireEvent(api: Api, key: string, now: number): Promise<number | void> {
  const { namespace, name } = splitKey(key);
  const event = await orNull(api.get('Event', name, namespace));
  if (!event) return;
  const left = lastSeen(event) + keepMs - now;
  if (left > 0) return left;
  try {
    await api.delete('Event', name, namespace);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function lastSeen({ lastTimestamp, eventTime, metadata }: Event): number {
  return Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0;
}
