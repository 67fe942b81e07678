import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shopTelemetry } from './testing/shop-telemetry.ts';
import { aSpan } from './testing/span-fixture.ts';
import { edgeOf } from './span-edge.ts';
import { buildTopology } from './topology.ts';

const end = 1_800_000_000_000;
const edge = (service: string, kind: 'client' | 'producer' | 'consumer', attributes: Record<string, string>) =>
  edgeOf(aSpan({ end, service, kind, attributes }));
const rabbit = { 'messaging.system': 'rabbitmq', 'server.address': 'broker.shop.svc' };

describe('edges', () => {
  test('a message goes from its producer to the broker, and from there to its consumer', () => {
    const send = edge('orders', 'producer', { ...rabbit, 'messaging.operation.type': 'send' });
    assert.deepEqual(send, { id: 'orders>broker', protocol: 'messaging', silent: 'broker' });
    const handle = edge('shipping', 'consumer', { ...rabbit, 'messaging.operation.type': 'process' });
    assert.deepEqual(handle, { id: 'broker>shipping', protocol: 'messaging', silent: 'broker' });
  });

  test('a broker without an address goes by its kind, and by the older names of the conventions too', () => {
    assert.equal(edge('orders', 'producer', { 'messaging.system': 'kafka' })?.id, 'orders>kafka');
    const older = { 'messaging.system': 'kafka', 'messaging.operation': 'publish', 'net.peer.name': 'broker' };
    assert.equal(edge('orders', 'client', older)?.id, 'orders>broker');
  });

  test('making, fetching and acknowledging a message are no traffic of their own', () => {
    const type = (operation: string) => ({ ...rabbit, 'messaging.operation.type': operation });
    assert.equal(edge('orders', 'producer', type('create')), null);
    assert.equal(edge('shipping', 'client', type('receive')), null);
    assert.equal(edge('shipping', 'consumer', type('settle')), null);
  });

  test('calls of an object store are known by their bucket or their RPC, with an address or without', () => {
    const s3 = { 'rpc.system': 'aws-api', 'rpc.service': 'S3' };
    assert.deepEqual(edge('catalog', 'client', s3), { id: 'catalog>s3', protocol: 'object-store', silent: 's3' });
    const minio = { 'aws.s3.bucket': 'pictures', 'server.address': 'minio' };
    assert.deepEqual(edge('catalog', 'client', minio), {
      id: 'catalog>minio',
      protocol: 'object-store',
      silent: 'minio',
    });
    assert.equal(edge('catalog', 'client', { 'rpc.system': 'aws-api', 'rpc.service': 'SQS' }), null);
  });

  test('a database is known by its system, with an address or without', () => {
    const query = (more = {}) => edge('orders', 'client', { 'db.system.name': 'postgresql', ...more });
    assert.deepEqual(query(), { id: 'orders>postgresql', protocol: 'sql', silent: 'postgresql' });
    assert.deepEqual(query({ 'server.address': 'db' }), { id: 'orders>db', protocol: 'sql', silent: 'db' });
  });

  test('are drawn with the broker and the store as nodes, and a call of the store counts once', () => {
    const time = { now: end };
    const telemetry = shopTelemetry({ clock: () => time.now });
    const minio = { 'server.address': 'minio', 'http.request.method': 'PUT' };
    telemetry.ingestTraces([
      aSpan({ end, service: 'orders', kind: 'producer', attributes: rabbit }),
      aSpan({ end, service: 'shipping', kind: 'consumer', attributes: rabbit, failed: true }),
      aSpan({ end, service: 'catalog', kind: 'client', attributes: { ...minio, 'aws.s3.bucket': 'pictures' } }),
      aSpan({ end, service: 'catalog', kind: 'client', attributes: minio }),
    ]);
    time.now += 1500;
    const known = ['orders', 'catalog'].map((service) => ({ service, role: 'service' as const, pods: [] }));
    const { services, edges } = buildTopology(known, telemetry);
    assert.deepEqual(
      edges.map(({ id, protocol, rate }) => [id, protocol, Math.round(rate * 3)]),
      [
        ['orders>broker', 'messaging', 1],
        ['broker>shipping', 'messaging', 1],
        ['catalog>minio', 'object-store', 1],
      ],
    );
    const roles = Object.fromEntries(services.map(({ name, role }) => [name, role]));
    assert.deepEqual([roles['broker'], roles['minio'], roles['shipping']], ['broker', 'object-store', 'service']);
    assert.equal(services.find(({ name }) => name === 'shipping')?.errorRatio, 1, 'what it handles is its traffic');
  });

  test('a service that nobody knows and that only sends messages is drawn as a service', () => {
    const time = { now: end };
    const telemetry = shopTelemetry({ clock: () => time.now });
    telemetry.ingestTraces([aSpan({ end, service: 'nightly-job', kind: 'producer', attributes: rabbit })]);
    time.now += 1500;
    const { services, edges } = buildTopology([], telemetry);
    assert.deepEqual(
      services.map(({ name, role }) => [name, role]),
      [
        ['nightly-job', 'service'],
        ['broker', 'broker'],
      ],
    );
    assert.equal(edges[0]?.id, 'nightly-job>broker');
  });

  test('a service that only calls is drawn, and so is its database, but no address that is neither', () => {
    const time = { now: end };
    const telemetry = shopTelemetry({ clock: () => time.now });
    const call = (service: string, attributes: Record<string, string>) =>
      aSpan({ end, service, kind: 'client', attributes });
    telemetry.ingestTraces([
      call('script', { 'server.address': 'api' }),
      aSpan({ end, service: 'api' }),
      call('api', { 'server.address': 'db', 'db.system.name': 'postgresql' }),
      call('api', { 'server.address': 'example.com' }),
    ]);
    time.now += 1500;
    const { services, edges } = buildTopology([], telemetry);
    assert.deepEqual(services.map(({ name, role }) => `${name}: ${role}`).sort(), [
      'api: service',
      'db: database',
      'script: service',
    ]);
    assert.deepEqual(edges.map(({ id }) => id).sort(), ['api>db', 'script>api']);
  });
});
