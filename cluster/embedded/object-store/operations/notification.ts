import { randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import { eventPatterns, type Notification } from '../notification.ts';
import type { Operation } from '../operation.ts';
import { receiveText } from '../received-body.ts';
import { S3Error } from '../s3-error.ts';
import { listOf, readXml, xmlDocument } from '../xml.ts';

const rule = z.object({ Name: z.enum(['prefix', 'suffix', 'Prefix', 'Suffix']), Value: z.string().max(1_024) });
const configuration = z.strictObject({
  QueueConfiguration: listOf(
    z.object({
      Id: z
        .string()
        .max(255)
        .default(() => randomUUID()),
      Queue: z.string(),
      Event: listOf(z.string()),
      Filter: z.object({ S3Key: z.object({ FilterRule: listOf(rule, 2) }) }).optional(),
    }),
    100,
  ),
});

export const notificationOperations: Operation[] = [
  {
    name: 'PutBucketNotificationConfiguration',
    method: 'PUT',
    on: 'bucket',
    marked: 'notification',
    async run({ store, bucket, request, payload }) {
      store.bucketOf(bucket);
      const text = await receiveText(request, payload);
      const { QueueConfiguration: queues } = readXml('NotificationConfiguration', text, configuration);
      store.records.setNotifications(
        bucket,
        queues.map((queue) => asNotification(queue, store.webhooks.arns)),
      );
      return {};
    },
  },
  {
    name: 'GetBucketNotificationConfiguration',
    method: 'GET',
    on: 'bucket',
    marked: 'notification',
    run({ store, bucket }) {
      const all = store.records.notifications(store.bucketOf(bucket));
      const QueueConfiguration = all.map(({ id, arn, events, prefix, suffix }) => {
        const rules = Object.entries({ prefix, suffix }).filter(([, value]) => value !== '');
        const FilterRule = rules.map(([Name, Value]) => ({ Name, Value }));
        const Filter = { S3Key: { FilterRule } };
        return { Id: id, Queue: arn, Event: events, ...(FilterRule.length > 0 && { Filter }) };
      });
      return { body: xmlDocument('NotificationConfiguration', { QueueConfiguration }) };
    },
  },
];

type Queue = z.infer<typeof configuration>['QueueConfiguration'][number];

function asNotification({ Id: id, Queue: arn, Event: events, Filter }: Queue, arns: string[]): Notification {
  if (!arns.includes(arn)) {
    const there = `There are: ${arns.join(', ') || 'none'}.`;
    const message = `A specified destination ARN does not exist or is not well-formed. Verify the destination ARN. ${there}`;
    throw new S3Error('InvalidArgument', message);
  }
  const unknown = events.find((event) => !eventPatterns.includes(event));
  if (unknown !== undefined || events.length === 0) {
    const known = eventPatterns.join(', ');
    throw new S3Error('InvalidArgument', `${unknown ?? 'No event'} is no event that happens here: there are ${known}.`);
  }
  const value = (name: string) => Filter?.S3Key.FilterRule.find(({ Name }) => Name.toLowerCase() === name)?.Value ?? '';
  return { id, arn, events, prefix: value('prefix'), suffix: value('suffix') };
}
