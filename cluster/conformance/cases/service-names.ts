import assert from 'node:assert/strict';
import { topic, type World } from '../case.ts';
import { ok } from '../expect.ts';
import { found, ready } from '../in-cluster.ts';
import { idle, pod, service, web } from '../objects.ts';

const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1 };
const never = { tcpSocket: { port: 9 }, periodSeconds: 1 };
const namedPorts = [{ name: 'http', port: 80, targetPort: 8080 }];
const zone = ({ namespace }: World) => `${namespace}.svc.cluster.local`;

/** A pod that is ready behind the Service `some`; answers its address. */
async function served(world: World, spec: object = {}, podSpec: object = {}, podName = 'some'): Promise<string> {
  ok(await world.api.post(world.core('services'), service('some', spec)));
  const labels = { labels: { app: 'some' } };
  ok(await world.api.post(world.core('pods'), pod(podName, web, { readinessProbe }, podSpec, labels)));
  return (await ready(world, podName)).status.podIP;
}

/** What every name of a Service and its pods leads to (kubernetes.io: DNS for Services and Pods). */
export const serviceNames = topic('service names', {
  'every form of a name is the address of the service': async (world) => {
    const { spec } = ok(await world.api.post(world.core('services'), service('some')));
    const { namespace } = world;
    const names = ['some', `some.${namespace}`, `some.${namespace}.svc`, `some.${zone(world)}`, `some.${zone(world)}.`];
    const addresses = await found(
      world,
      `return Promise.all(${JSON.stringify(names)}.map(async (name) => (await dns.lookup(name)).address));`,
    );
    assert.deepEqual(new Set(addresses), new Set([spec.clusterIP]));
  },
  'a name that nobody has is not found': async (world) => {
    const code = await found(world, `return dns.lookup('nosuch.${zone(world)}').catch((error) => error.code);`);
    assert.equal(code, 'ENOTFOUND');
  },
  'a query takes a name as it stands, without the search path': async (world) => {
    const { spec } = ok(await world.api.post(world.core('services'), service('some')));
    const body = `return [await dns.resolve4('some.${zone(world)}'), await dns.resolve4('some').catch(({ code }) => code)];`;
    assert.deepEqual(await found(world, body), [[spec.clusterIP], 'ENOTFOUND']);
  },
  'a Resolver of a program’s own asks the same servers': async (world) => {
    const { spec } = ok(await world.api.post(world.core('services'), service('some')));
    const body = `return new dns.Resolver().resolve4('some.${zone(world)}');`;
    assert.deepEqual(await found(world, body), [spec.clusterIP]);
  },
  'a service of IPv4 has no address of IPv6': async (world) => {
    ok(await world.api.post(world.core('services'), service('some')));
    const name = `some.${zone(world)}`;
    const body = `await dns.resolve4('${name}'); return dns.resolve6('${name}').catch(({ code }) => code);`;
    assert.equal(await found(world, body), 'ENODATA');
  },
  'a headless one without ports is the addresses of its ready pods': async (world) => {
    const address = await served(world, { clusterIP: 'None', ports: undefined });
    const late = pod('late', idle, { readinessProbe: never }, {}, { labels: { app: 'some' } });
    ok(await world.api.post(world.core('pods'), late));
    assert.deepEqual(await found(world, `return dns.resolve4('some.${zone(world)}');`), [address]);
  },
  'one that publishes what is not ready names that too': async (world) => {
    const some = service('some', { clusterIP: 'None', publishNotReadyAddresses: true });
    ok(await world.api.post(world.core('services'), some));
    ok(await world.api.post(world.core('pods'), pod('some', idle, { readinessProbe: never })));
    const [address] = await found(world, `return dns.resolve4('some.${zone(world)}');`);
    assert.equal(address, ok(await world.api.get(world.core('pods/some'))).status.podIP);
  },
  'a pod with a hostname and a subdomain has a name of its own below the service': async (world) => {
    const podSpec = { hostname: 'first', subdomain: 'some' };
    const address = await served(world, { clusterIP: 'None' }, podSpec, 'some-0');
    const names = ['first.some', `first.some.${world.namespace}`, `first.some.${zone(world)}`];
    const body = `return Promise.all(${JSON.stringify(names)}.map(async (name) => (await dns.lookup(name)).address));`;
    assert.deepEqual(await found(world, body), [address, address, address]);
  },
  'a pod with a hostname knows itself by it': async (world) => {
    const body = `const os = require('node:os'); return [os.hostname(), (await dns.lookup('first')).address];`;
    const [name, address] = await found(world, body, { hostname: 'first', subdomain: 'some' });
    assert.equal(name, 'first');
    assert.equal(address, ok(await world.api.get(world.core('pods/asks'))).status.podIP);
  },
  'an external name leads where that leads': async (world) => {
    await served(world);
    const other = { type: 'ExternalName', externalName: `some.${zone(world)}`, selector: undefined, ports: undefined };
    ok(await world.api.post(world.core('services'), service('other', other)));
    const body = `return [await (await fetch('http://other/')).text(), await dns.resolveCname('other.${zone(world)}')];`;
    assert.deepEqual(await found(world, body), ['hello', [`some.${zone(world)}`]]);
  },
  'a named port of a service has a record with its number': async (world) => {
    await served(world, { ports: namedPorts });
    const records = await found(world, `return dns.resolveSrv('_http._tcp.some.${zone(world)}');`);
    assert.deepEqual(
      records.map(({ name, port }: { name: string; port: number }) => [name, port]),
      [[`some.${zone(world)}`, 80]],
    );
  },
  'a named port of a headless one has a record for each pod': async (world) => {
    const address = await served(world, { clusterIP: 'None', ports: namedPorts });
    const records = await found(world, `return dns.resolveSrv('_http._tcp.some.${zone(world)}');`);
    assert.deepEqual(
      records.map(({ name, port }: { name: string; port: number }) => [name, port]),
      [[`${address.replaceAll('.', '-')}.some.${zone(world)}`, 8080]],
    );
  },
});
