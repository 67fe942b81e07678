import { ignoreNotFound, orNull } from '../../reconcile/api-errors.ts';
import { splitKey } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';

/** Removes Jobs, and their pods, so many seconds after their end (ttlSecondsAfterFinished). */
export const startTtlAfterFinished = defineController({
  name: 'ttl-after-finished',
  for: 'Job',
  reconcile: expireJob,
});

export async function expireJob({ api, now }: Context, key: string): Promise<number | void> {
  const { namespace, name } = splitKey(key);
  const job = await orNull(api.get('Job', name, namespace));
  const ttl = job?.spec?.ttlSecondsAfterFinished;
  if (!job || ttl === undefined || job.metadata.deletionTimestamp) return;
  const end = job.status?.conditions?.find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  if (!end) return;
  const left = Date.parse(end.lastTransitionTime ?? '') + ttl * 1000 - now();
  if (left > 0) return left;
  const { uid } = job.metadata;
  await ignoreNotFound(api.delete('Job', name, namespace, { uid, propagationPolicy: 'Foreground' }));
}
