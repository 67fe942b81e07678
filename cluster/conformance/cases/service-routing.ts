import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { found, ready } from '../in-cluster.ts';
import { pod, service, web } from '../objects.ts';

const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1 };
const labels = { labels: { app: 'some' } };
const answering = (answer: string) => ({ readinessProbe, env: [{ name: 'ANSWER', value: answer }] });
const text = (url: string) => `return (await fetch('${url}', { signal: AbortSignal.timeout(2000) })).text();`;

/** Ready pods behind the Service `some`, each of which answers with its name. */
async function served(world: World, spec: object, ...names: string[]): Promise<Json[]> {
  for (const name of names) ok(await world.api.post(world.core('pods'), pod(name, web, answering(name), {}, labels)));
  const pods = await Promise.all(names.map((name) => ready(world, name)));
  ok(await world.api.post(world.core('services'), service('some', spec)));
  return pods;
}

/** Who is behind an address of the cluster, and when (kubernetes.io: Service, Virtual IPs and Service Proxies). */
export const serviceRouting = topic('service routing', {
  'one without selector leads to the addresses of the slice that somebody wrote for it': async (world) => {
    const { api, core, namespace } = world;
    ok(await api.post(core('pods'), pod('some', web, answering('by hand'))));
    const { status } = await ready(world, 'some');
    ok(await api.post(core('services'), service('own', { selector: undefined })));
    ok(
      await api.post(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'own-1', labels: { 'kubernetes.io/service-name': 'own' } },
        addressType: 'IPv4',
        ports: [{ name: '', port: 8080 }],
        endpoints: [{ addresses: [status.podIP] }],
      }),
    );
    assert.equal(await found(world, text('http://own/')), 'by hand');
  },
  'each of several ports leads to its own': async (world) => {
    const two = `${web} require('node:http').createServer((request, response) => response.end('admin')).listen(9000);`;
    ok(await world.api.post(world.core('pods'), pod('some', two, answering('shop'))));
    const ports = [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'admin', port: 81, targetPort: 9000 },
    ];
    ok(await world.api.post(world.core('services'), service('some', { ports })));
    const body = `const at = async (port) => (await fetch('http://some:' + port)).text(); return [await at(80), await at(81)];`;
    assert.deepEqual(await found(world, body), ['shop', 'admin']);
  },
  'a named target port may be another number in each pod': async (world) => {
    const elsewhere = web.replace('8080', '9090');
    const named = (containerPort: number) => ({ ports: [{ name: 'http', containerPort }] });
    const { api, core } = world;
    ok(await api.post(core('pods'), pod('one', web, { ...answering('one'), ...named(8080) }, {}, labels)));
    const probe = { readinessProbe: { httpGet: { port: 'http' }, periodSeconds: 1 } };
    const other = { ...answering('other'), ...named(9090), ...probe };
    ok(await api.post(core('pods'), pod('other', elsewhere, other, {}, labels)));
    ok(await api.post(core('services'), service('some', { ports: [{ port: 80, targetPort: 'http' }] })));
    const body = `
      const seen = globalThis.seen ??= new Set();
      const headers = { connection: 'close' };
      seen.add(await (await fetch('http://some/', { headers, signal: AbortSignal.timeout(2000) })).text());
      if (seen.size < 2) throw new Error('only one so far');
      return [...seen].sort();`;
    assert.deepEqual(await found(world, body), ['one', 'other']);
  },
  'with affinity a client stays with the pod it came to first': async (world) => {
    await served(world, { sessionAffinity: 'ClientIP' }, 'one', 'two', 'three');
    const body = `
      const headers = { connection: 'close' };
      const seen = [];
      for (let i = 0; i < 20; i++) seen.push(await (await fetch('http://some/', { headers })).text());
      return new Set(seen).size;`;
    assert.equal(await found(world, body), 1);
  },
  'affinity lasts three hours unless told otherwise': async ({ api, core }) => {
    const { spec } = ok(await api.post(core('services'), service('some', { sessionAffinity: 'ClientIP' })));
    assert.deepEqual(spec.sessionAffinityConfig, { clientIP: { timeoutSeconds: 10_800 } });
  },
  'where all pods are terminating, those that still serve are called': async (world) => {
    const { api, core } = world;
    const stays = `process.on('SIGTERM', () => {}); ${web.replace(/process\.on.*\n/, '')}`;
    const grace = { terminationGracePeriodSeconds: 30 };
    ok(await api.post(core('pods'), pod('some', stays, answering('still here'), grace)));
    await ready(world, 'some');
    ok(await api.post(core('services'), service('some')));
    assert.equal(await found(world, text('http://some/'), {}, 'before'), 'still here');
    ok(await api.delete(core('pods/some')));
    const selector = encodeURIComponent('kubernetes.io/service-name=some');
    const path = `/apis/discovery.k8s.io/v1/namespaces/${world.namespace}/endpointslices?labelSelector=${selector}`;
    await eventually('it is terminating, and serves', async () => {
      const [slice] = ok(await api.get(path)).items;
      const { ready, serving, terminating } = slice.endpoints[0].conditions;
      return !ready && serving && terminating;
    });
    assert.equal(await found(world, text('http://some/'), {}, 'after'), 'still here');
    ok(await api.delete(core('pods/some?gracePeriodSeconds=0')));
  },
  'one without endpoints refuses': async (world) => {
    ok(await world.api.post(world.core('services'), service('some')));
    const body = `
      return new Promise((resolve, reject) => require('node:net').connect(80, 'some')
        .once('connect', () => resolve('connected'))
        .once('error', ({ code }) => code === 'ENOTFOUND' ? reject(code) : resolve(code)));`;
    assert.equal(await found(world, body), 'ECONNREFUSED');
  },
  'a node port leads there from the address of any node': async (world) => {
    const [{ status }] = await served(world, { type: 'NodePort' }, 'one');
    const { spec } = ok(await world.api.get(world.core('services/some')));
    const url = `http://${status.hostIP}:${spec.ports[0].nodePort}/`;
    assert.equal(await found(world, text(url)), 'one');
  },
  'traffic that is to stay on its node finds nobody on another': async (world) => {
    const [{ spec }] = await served(world, { internalTrafficPolicy: 'Local' }, 'one');
    assert.equal(await found(world, text('http://some/'), { nodeName: spec.nodeName }), 'one');
    const { items } = ok(await world.api.get('/api/v1/nodes'));
    const other = items.find(({ metadata }: Json) => metadata.name !== spec.nodeName).metadata.name;
    const body = `
      return new Promise((resolve, reject) => require('node:net').connect(80, 'some')
        .setTimeout(1000, () => resolve('silence'))
        .once('connect', () => resolve('connected'))
        .once('error', ({ code }) => reject(code)));`;
    assert.equal(await found(world, body, { nodeName: other }, 'elsewhere'), 'silence');
  },
});
