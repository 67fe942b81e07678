import { deepEqual, equal, match } from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { podOf } from '../testing/objects.ts';
import { openTestServer, type TestServer } from '../testing/test-server.ts';

const PODS = '/api/v1/namespaces/shop/pods';

let server: TestServer;
before(async () => {
  server = await openTestServer();
});
after(() => server.close());

describe('namespaces/finalize', () => {
  const put = async (name: string, change: object, query = '') => {
    const { metadata } = (await server.send('GET', '/api/v1/namespaces/held')).json();
    const body = {
      metadata: { ...metadata, name, ...change },
      spec: { finalizers: ['kubernetes', 'example.com/mine'] },
    };
    return server.send('PUT', `/api/v1/namespaces/${name}/finalize${query}`, body);
  };
  const finalizers = async () => (await server.send('GET', '/api/v1/namespaces/held')).json().spec.finalizers;

  it('refuses one that was written since, and one of another uid', async () => {
    await server.send('POST', '/api/v1/namespaces', { metadata: { name: 'held' } });
    equal((await put('held', { resourceVersion: '1' })).status, 409);
    equal((await put('held', { uid: 'another' })).status, 409);
    deepEqual(await finalizers(), ['kubernetes']);
  });

  it('answers a dry run as it would a write, and stores nothing', async () => {
    const { status, json } = await put('held', {}, '?dryRun=All');
    deepEqual([status, json().spec.finalizers], [200, ['kubernetes', 'example.com/mine']]);
    match(json().metadata.labels['kubernetes.io/metadata.name'], /held/);
    deepEqual(await finalizers(), ['kubernetes']);
    equal((await put('nowhere', {}, '?dryRun=All')).status, 404);
    equal((await put('held', {})).status, 200);
    deepEqual(await finalizers(), ['kubernetes', 'example.com/mine']);
  });
});

describe('pods/binding', () => {
  const bind = (name: string, metadata: object, query = '') =>
    server.send('POST', `${PODS}/${name}/binding${query}`, { metadata, target: { kind: 'Node', name: 'n1' } });
  const nodeOf = async (name: string) => (await server.send('GET', `${PODS}/${name}`)).json().spec.nodeName;

  it('is of the pod that it names, with the uid and revision that it names', async () => {
    const { metadata } = (await server.send('POST', PODS, podOf('one'))).json();
    equal((await bind('one', { name: 'two' })).status, 400);
    equal((await bind('one', { uid: 'another' })).status, 409);
    equal((await bind('one', { resourceVersion: '1' })).status, 409);
    equal(await nodeOf('one'), undefined);
    equal((await bind('one', { name: 'one', uid: metadata.uid })).status, 201);
    equal(await nodeOf('one'), 'n1');
  });

  it('is checked by a dry run as by a write, and not stored', async () => {
    equal((await bind('nobody', {}, '?dryRun=All')).status, 404);
    equal((await bind('one', {}, '?dryRun=All')).status, 409);
    await server.send('POST', PODS, podOf('three'));
    equal((await bind('three', {}, '?dryRun=All')).status, 201);
    equal(await nodeOf('three'), undefined);
  });

  it('is refused while a gate holds the pod', async () => {
    await server.send('POST', PODS, podOf('gated', { schedulingGates: [{ name: 'example.com/wait' }] }));
    const { status, json } = await bind('gated', {});
    equal(status, 409);
    match(json().message, /pod gated has non-empty \.spec\.schedulingGates/);
  });
});

describe('serviceaccounts/token', () => {
  it('refuses a time that nobody could write down', async () => {
    await server.send('POST', '/api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'long' } });
    const spec = { expirationSeconds: 9_007_199_254_740_991 };
    const { status, json } = await server.send('POST', '/api/v1/namespaces/shop/serviceaccounts/long/token', { spec });
    equal(status, 422);
    match(json().message, /may not specify a duration larger than 2\^32 seconds/);
  });
});
