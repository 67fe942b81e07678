import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deploymentOf, podOf } from '../testing/objects.ts';
import { openTestServer, type TestServer } from '../testing/test-server.ts';

const PODS = '/api/v1/namespaces/shop/pods';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';
const CONFIG_MAPS = '/api/v1/namespaces/shop/configmaps';
const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

let server: TestServer;
before(async () => {
  server = await openTestServer();
});
after(() => server.close());

describe('the door', () => {
  it('is closed without the token, but for health and version', async () => {
    for (const authorization of ['', 'Bearer wrong', 'Basic eDp5']) {
      const { status, json } = await server.send('GET', PODS, undefined, { authorization });
      deepEqual([status, json().kind, json().reason], [401, 'Status', 'Unauthorized']);
    }
    for (const path of ['/healthz', '/livez', '/readyz', '/version']) {
      equal((await server.send('GET', path, undefined, { authorization: '' })).status, 200, path);
    }
  });
});

describe('objects over HTTP', () => {
  it('can be written and read as YAML', async () => {
    const yaml = 'metadata: {name: y}\ndata: {a: "1"}';
    equal((await server.send('POST', CONFIG_MAPS, yaml, { 'content-type': 'application/yaml' })).status, 201);
    const { text, headers } = await server.send('GET', `${CONFIG_MAPS}/y`, undefined, { accept: 'application/yaml' });
    equal(headers['content-type'], 'application/yaml');
    match(text, /^data:\n {2}a: "1"$/m);
  });

  it('are only tried with dryRun', async () => {
    const path = `${CONFIG_MAPS}?dryRun=All`;
    equal((await server.send('POST', path, { metadata: { name: 'trial' } })).status, 201);
    equal((await server.send('GET', `${CONFIG_MAPS}/trial`)).status, 404);
  });

  it('answer a delete with a Status that has the uid, pods with themselves', async () => {
    const { uid } = (await server.send('POST', CONFIG_MAPS, { metadata: { name: 'gone' } })).json().metadata;
    const status = (await server.send('DELETE', `${CONFIG_MAPS}/gone`)).json();
    deepEqual([status.status, status.details], ['Success', { name: 'gone', kind: 'configmaps', uid }]);
    await server.send('POST', PODS, podOf('bound', { nodeName: 'n1' }));
    const pod = (await server.send('DELETE', `${PODS}/bound`)).json();
    ok(pod.metadata.deletionTimestamp);
    equal((await server.send('DELETE', `${PODS}/bound?gracePeriodSeconds=0`)).json().kind, 'Pod');
    equal((await server.send('GET', `${PODS}/bound`)).status, 404);
  });

  it('hold 1 MiB of bytes, however these are written', async () => {
    const post = (size: number) => {
      const data = { a: Buffer.alloc(size).toString('base64') };
      return server.send('POST', '/api/v1/namespaces/shop/secrets', { metadata: { name: `bytes-${size}` }, data });
    };
    equal((await post(1024 * 1024)).status, 201);
    equal((await post(1024 * 1024 + 1)).status, 422);
  });

  it('can be deleted by selector', async () => {
    for (const name of ['one', 'two']) {
      await server.send('POST', CONFIG_MAPS, { metadata: { name, labels: { batch: name } } });
    }
    await server.send('DELETE', `${CONFIG_MAPS}?labelSelector=batch%3Done`);
    const { items } = (await server.send('GET', `${CONFIG_MAPS}?labelSelector=batch`)).json();
    deepEqual(
      items.map((item: { metadata: { name: string } }) => item.metadata.name),
      ['two'],
    );
  });

  it('are patched in each of the three ways', async () => {
    await server.send('POST', DEPLOYMENTS, deploymentOf('patched'));
    const patch = (type: string, body: unknown) =>
      server.send('PATCH', `${DEPLOYMENTS}/patched`, body, { 'content-type': `application/${type}+json` });
    const strategic = {
      spec: { template: { spec: { containers: [{ name: 'app', env: [{ name: 'A', value: '1' }] }] } } },
    };
    const merged = (await patch('strategic-merge-patch', strategic)).json();
    equal(merged.spec.template.spec.containers[0].image, 'app:1');
    equal((await patch('merge-patch', { spec: { replicas: 5 } })).json().spec.replicas, 5);
    const replace = [{ op: 'replace', path: '/spec/replicas', value: 6 }];
    equal((await patch('json-patch', replace)).json().spec.replicas, 6);
    const failing = [{ op: 'test', path: '/spec/replicas', value: 1 }];
    deepEqual([(await patch('json-patch', failing)).status, (await patch('json-patch', {})).status], [422, 400]);
    equal((await patch('merge-patch', { metadata: { name: 'other' } })).status, 400);
  });

  it('have their columns in a Table', async () => {
    await server.send('POST', DEPLOYMENTS, deploymentOf('tabled', 3));
    const { columnDefinitions, rows } = (await server.send('GET', `${DEPLOYMENTS}/tabled`, undefined, TABLE)).json();
    deepEqual(
      columnDefinitions.map(
        ({ name, priority }: { name: string; priority: number }) => `${name}${priority ? '*' : ''}`,
      ),
      ['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers*', 'Images*', 'Selector*'],
    );
    deepEqual(rows[0].cells.slice(0, 4), ['tabled', '0/3', 0, 0]);
    equal(rows[0].object.kind, 'PartialObjectMetadata');
  });
});

describe('subresources', () => {
  it('scale by PUT and by PATCH', async () => {
    await server.send('POST', DEPLOYMENTS, deploymentOf('scaled', 1));
    const path = `${DEPLOYMENTS}/scaled/scale`;
    const scale = (await server.send('GET', path)).json();
    deepEqual([scale.kind, scale.spec.replicas, scale.status.selector], ['Scale', 1, 'app=scaled']);
    equal((await server.send('PUT', path, { ...scale, spec: { replicas: 4 } })).json().spec.replicas, 4);
    equal((await server.send('PUT', path, scale)).status, 409);
    const { uid: _, resourceVersion: __, ...unconditional } = scale.metadata;
    const other = { ...scale, metadata: { ...unconditional, uid: 'another' } };
    equal((await server.send('PUT', path, other)).status, 409);
    const { managedFields } = (await server.send('GET', `${DEPLOYMENTS}/scaled`)).json().metadata;
    const scaler = managedFields.find(({ subresource }: { subresource?: string }) => subresource === 'scale');
    deepEqual(scaler.fieldsV1, { 'f:spec': { 'f:replicas': {} } });
    const merge = { 'content-type': 'application/merge-patch+json' };
    equal((await server.send('PATCH', path, { spec: { replicas: 2 } }, merge)).json().spec.replicas, 2);
    equal((await server.send('PATCH', path, { spec: { replicas: -1 } }, merge)).status, 422);
  });

  it('bind and evict pods', async () => {
    await server.send('POST', PODS, podOf('moved'));
    equal((await server.send('POST', `${PODS}/moved/binding`, { target: {} })).status, 400);
    equal((await server.send('POST', `${PODS}/moved/binding`, { target: { kind: 'Node', name: 'n1' } })).status, 201);
    equal((await server.send('POST', `${PODS}/moved/eviction`, { kind: 'Eviction' })).status, 201);
    ok((await server.send('GET', `${PODS}/moved`)).json().metadata.deletionTimestamp);
  });
});

describe('discovery', () => {
  it('comes in one document, in the version asked for, or in many', async () => {
    for (const version of ['v2', 'v2beta1']) {
      const accept = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList,application/json`;
      const { headers, json } = await server.send('GET', '/apis', undefined, { accept });
      match(String(headers['content-type']), new RegExp(`v=${version};`));
      ok(json().items.some((item: { metadata: { name: string } }) => item.metadata.name === 'apps'));
    }
    equal((await server.send('GET', '/apis')).json().kind, 'APIGroupList');
    const { resources } = (await server.send('GET', '/apis/apps/v1')).json();
    deepEqual(
      resources.map(({ name }: { name: string }) => name),
      [
        'deployments',
        'deployments/status',
        'deployments/scale',
        'replicasets',
        'replicasets/status',
        'replicasets/scale',
        'statefulsets',
        'statefulsets/status',
        'statefulsets/scale',
        'daemonsets',
        'daemonsets/status',
        'controllerrevisions',
      ],
    );
  });
});
