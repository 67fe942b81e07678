import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { startStore, type OwnStore } from '../../embedded/object-store/testing/running-store.ts';
import { httpClient } from '../service/http-client.ts';
import { buildTelemetry } from '../telemetry/build.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { startOtlpSink, type OtlpSink } from '../testing/otlp-sink.ts';
import { startService, type RunningService } from '../testing/running-service.ts';
import { startShop, type RunningShop } from '../testing/running-shop.ts';
import { customers } from './loadgen/customers.ts';
import { untracedSend } from './loadgen/opening.ts';
import { productImage } from './loadgen/product-image.ts';
import { Uploads } from './loadgen/uploads.ts';

describe('images that customers upload', () => {
  let folder: string;
  let sink: OtlpSink;
  let store: OwnStore;
  let shop: RunningShop;
  let thumbnails: RunningService;
  let token: string;
  before(async () => {
    const port = await freePort();
    const webhook = `http://127.0.0.1:${port}/events`;
    folder = await mkdtemp(join(tmpdir(), 'images-'));
    sink = await startOtlpSink();
    store = await startStore({
      MINIO_NOTIFY_WEBHOOK_ENABLE_THUMBNAILS: 'on',
      MINIO_NOTIFY_WEBHOOK_ENDPOINT_THUMBNAILS: webhook,
    });
    const { accessKeyId, secretAccessKey } = store.credentials;
    const objects = { OBJECTS_URL: store.url, OBJECTS_KEY: accessKeyId, OBJECTS_SECRET: secretAccessKey };
    const preload = await buildTelemetry(join(folder, 'telemetry.cjs'));
    shop = await startShop({
      only: ['gateway', 'auth', 'catalog'],
      environment: { catalog: { ...objects, OBJECTS_EVENTS_ARN: 'arn:minio:sqs::THUMBNAILS:webhook' } },
      telemetry: { endpoint: sink.endpoint, preload },
    });
    const environment = { ...objects, OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint };
    thumbnails = await startService('thumbnails', {
      ...{ port, preload, environment: { ...environment, OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'http' } },
    });
    token = await shop.login();
  });
  after(async () => {
    await thumbnails?.stop();
    await shop?.stop();
    await store?.remove();
    sink?.close();
    await rm(folder, { recursive: true });
  });

  const gateway = () => shop.services.gateway.url;
  const upload = (body: Buffer, headers: Record<string, string> = {}) =>
    fetch(`${gateway()}/api/products/sea-chart/images`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', authorization: `Bearer ${token}`, ...headers },
      body: new Uint8Array(body),
    });
  /** Bytes at a path, once there are any. */
  const bytes = (path: string) =>
    eventually(path, async () => {
      const answer = await fetch(gateway() + path);
      return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : undefined;
    });

  it('have a thumbnail a moment later', async () => {
    const image = productImage();
    const answer = await eventually('the bucket', async () => {
      const found = await upload(image);
      return found.status === 201 ? found : undefined;
    });
    const paths = (await answer.json()) as { image: string; thumbnail: string };
    assert.deepEqual(await bytes(paths.image), image);
    const { format, width, height } = await sharp(await bytes(paths.thumbnail)).metadata();
    assert.deepEqual([format, width, height], ['webp', 96, 72]);
  });

  it('are one trace from the upload to the thumbnail, in which the calls of the object store are named', async () => {
    const traceId = '0123456789abcdef0123456789abcdef';
    await upload(productImage(), { traceparent: `00-${traceId}-0123456789abcdef-01` });
    const spans = await eventually('the whole trace', () => {
      const found = sink.spans.filter((span) => span.traceId === traceId);
      return found.some(({ service, kind }) => service === 'thumbnails' && kind === 'consumer') ? found : undefined;
    });
    const storeCalls = spans.filter(({ attributes }) => attributes['rpc.service'] === 'S3');
    assert.deepEqual(storeCalls.map(({ service, name }) => `${service} ${name}`).sort(), [
      'catalog S3/PutObject',
      'thumbnails S3/GetObject',
      'thumbnails S3/PutObject',
    ]);
    const handled = spans.find(({ kind }) => kind === 'consumer')!;
    const put = storeCalls.find(({ service }) => service === 'catalog')!;
    assert.equal(
      handled.parentSpanId,
      spans.find(({ service, kind }) => service === 'catalog' && kind === 'server')!.spanId,
    );
    assert.deepEqual(
      [put.attributes['server.address'], handled.attributes['server.address']],
      ['localhost', 'localhost'],
    );
    assert.ok(!spans.some(({ attributes }) => String(attributes['url.full']).startsWith(store.url)), 'nor named twice');
  });

  it('are refused where they are none, and spoil nothing where they only say so', async () => {
    assert.equal((await upload(productImage(), { 'content-type': 'text/plain' })).status, 400);
    assert.equal((await upload(productImage(), { authorization: '' })).status, 401);
    assert.equal((await upload(Buffer.from('no image'))).status, 201);
    const warnings = () => thumbnails.log.filter(({ message }) => String(message).startsWith('No thumbnail'));
    await eventually('it is looked at', () => warnings().length > 0 || undefined);
    const { thumbnail } = (await (await upload(productImage())).json()) as { thumbnail: string };
    await bytes(thumbnail);
    assert.equal(warnings().length, 1, 'the event of it was taken');
  });

  it('are counted by who uploads them, with the time until they had their thumbnail', async () => {
    const send = untracedSend(httpClient(), (path) => gateway() + path);
    const uploads = new Uploads({ customers: customers('sea'), send, look: send, burst: 3, everySeconds: 0 });
    uploads.burst();
    await eventually('all three', () => uploads.book.thumbnails === 3 || undefined);
    const { seconds, ...counts } = uploads.book;
    assert.deepEqual(counts, { uploaded: 3, refused: 0, thumbnails: 3, waiting: 0, missing: 0 });
    assert.ok(seconds.length === 3 && seconds.every((each) => each > 0 && each < 60));
    await shop.restart('catalog', { OBJECTS_URL: '' });
    uploads.burst(2);
    await eventually('both are refused', () => uploads.book.refused === 2 || undefined);
  });
});
