import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { until } from '../testing/until.ts';
import { startStore, type OwnStore } from './testing/running-store.ts';

interface Event {
  EventName: string;
  Key: string;
  Records: { s3: { object: { key: string; userMetadata?: Record<string, string> } } }[];
}

describe('an object store that tells a webhook of its objects', () => {
  let webhook: Server;
  let store: OwnStore;
  /** Those the webhook has taken, and how it answers the next. */
  let events: Event[];
  let answer: (event: Event) => number;
  let authorization: string | undefined;
  let [underWay, mostUnderWay] = [0, 0];
  const Bucket = 'images';

  before(async () => {
    const take = async (request: IncomingMessage, response: ServerResponse) => {
      mostUnderWay = Math.max(mostUnderWay, (underWay += 1));
      authorization = request.headers.authorization;
      let body = '';
      for await (const chunk of request) body += chunk;
      const event = JSON.parse(body) as Event;
      response.statusCode = answer(event);
      if (response.statusCode === 200) events.push(event);
      underWay -= 1;
      response.end();
    };
    webhook = createServer((request, response) => void take(request, response));
    webhook.listen(0, '127.0.0.1');
    await once(webhook, 'listening');
    store = await startStore({
      MINIO_NOTIFY_WEBHOOK_ENABLE_HERE: 'on',
      MINIO_NOTIFY_WEBHOOK_ENDPOINT_HERE: `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`,
      MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_HERE: 'sesame',
      OBJECT_STORE_MIB: '2',
      OBJECT_STORE_REQUEST_MIB: '1',
    });
    await store.client().send(new CreateBucketCommand({ Bucket }));
    const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'in/' }] } };
    const Events = ['s3:ObjectCreated:*' as const, 's3:ObjectRemoved:*' as const];
    const QueueConfigurations = [{ Id: 'one', QueueArn: 'arn:minio:sqs::HERE:webhook', Events, Filter }];
    const NotificationConfiguration = { QueueConfigurations };
    await store.client().send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  });
  after(async () => {
    await store.remove();
    webhook.closeAllConnections();
    webhook.close();
  });
  beforeEach(() => {
    events = [];
    answer = () => 200;
  });

  const put = (Key: string, Body: string | Buffer = Key, more: object = {}) =>
    store.client({ maxAttempts: 1 }).send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const keys = () => events.map(({ Key }) => Key.slice(Bucket.length + 1));
  const files = (folder: string) => readdirSync(join(store.folder, folder));

  it('sends what the filter lets through, as MinIO writes it', async () => {
    await put('out/1');
    await put('in/a b', 'x', { ContentType: 'image/png', Metadata: { traceparent: 'here' } });
    await store.client().send(new DeleteObjectCommand({ Bucket, Key: 'in/a b' }));
    await until('both events', () => events.length === 2);
    const created = events.find(({ EventName }) => EventName === 's3:ObjectCreated:Put')!;
    assert.deepEqual([created.Key, authorization], ['images/in/a b', 'Bearer sesame']);
    assert.partialDeepStrictEqual(created.Records[0], {
      eventVersion: '2.0',
      eventSource: 'minio:s3',
      eventName: 's3:ObjectCreated:Put',
      s3: {
        configurationId: 'one',
        bucket: { name: Bucket, arn: 'arn:aws:s3:::images' },
        object: {
          key: 'in%2Fa+b',
          size: 1,
          eTag: '9dd4e461268c8034f5c8564e155c67a6',
          contentType: 'image/png',
          userMetadata: { 'content-type': 'image/png', 'X-Amz-Meta-Traceparent': 'here' },
        },
      },
    });
    assert.ok(events.some(({ EventName }) => EventName === 's3:ObjectRemoved:Delete'));
  });

  it('sends again what was refused, and lets one that always is keep none up', async () => {
    const refused = new Map<string, number>();
    answer = ({ Key }) => {
      const before = refused.get(Key) ?? 0;
      refused.set(Key, before + 1);
      return Key.endsWith('poison') || before === 0 ? 503 : 200;
    };
    await put('in/poison');
    for (let index = 0; index < 20; index += 1) await put(`in/${index}`);
    await until('all the others', () => events.length === 20);
    assert.ok(!keys().includes('in/poison') && refused.get('images/in/poison')! >= 1);
    answer = () => 200;
    await until('that one too', () => keys().includes('in/poison'));
    assert.ok(mostUnderWay <= 16, `${mostUnderWay} at once`);
  });

  it('loses neither object nor event when it is killed before the webhook took it', async () => {
    answer = () => 503;
    for (const name of ['1', '2', '3']) await put(`in/kept-${name}`);
    await store.end('SIGKILL');
    assert.deepEqual(events, []);
    answer = () => 200;
    store = await store.restart();
    await until('the events', () => events.length === 3);
    assert.deepEqual(keys().sort(), ['in/kept-1', 'in/kept-2', 'in/kept-3']);
    const { Body } = await store.client().send(new GetObjectCommand({ Bucket, Key: 'in/kept-2' }));
    assert.equal(await Body!.transformToString(), 'in/kept-2');
  });

  it('leaves nothing of a body that did not come to its end', async () => {
    const before = files('blobs').length;
    const url = await getSignedUrl(store.client(), new PutObjectCommand({ Bucket, Key: 'half' }));
    const half = httpRequest(url, { method: 'PUT', headers: { 'content-length': '100000' } });
    half.on('error', () => undefined);
    half.write(Buffer.alloc(50_000));
    await until('it comes', () => files('incoming').length === 1);
    half.destroy();
    await until('it is gone', () => files('incoming').length === 0);
    assert.equal(files('blobs').length, before);
  });

  it('takes no more than it may, in one request or in all', async () => {
    const code = (name: string) => (error: unknown) => (error as Error).name === name;
    await assert.rejects(put('big', Buffer.alloc(2 ** 20 + 1)), code('EntityTooLarge'));
    await put('fits', Buffer.alloc(2 ** 20));
    await put('fits-too', Buffer.alloc(1_000_000));
    await assert.rejects(put('more', Buffer.alloc(2 ** 19)), code('XMinioStorageFull'));
    await store.client().send(new DeleteObjectCommand({ Bucket, Key: 'fits' }));
    await put('more', Buffer.alloc(2 ** 19));
  });
});
