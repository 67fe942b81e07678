import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { invalid, ok } from '../expect.ts';
import { found, ready } from '../in-cluster.ts';
import { pod, web } from '../objects.ts';

const path = ({ namespace }: World, name = '') =>
  `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies${name && `/${name}`}`;
const policy = (spec: object, name = 'some'): Json => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name },
  spec: { podSelector: {}, ...spec },
});
const apply = async (world: World, spec: object, name?: string) =>
  ok(await world.api.post(path(world), policy(spec, name)));

/** A pod that answers on 8080 and 9090; answers its address. */
async function served(world: World): Promise<string> {
  const more = `${web} require('node:http').createServer((request, response) => response.end('more')).listen(9090);`;
  const container = {
    readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 },
    ports: [{ name: 'http', containerPort: 8080 }],
  };
  ok(await world.api.post(world.core('pods'), pod('some', more, container)));
  return (await ready(world, 'some')).status.podIP;
}

/** What comes of connections to these ports of an address within a second: `connected`, `silence`, or the errno. */
function tried(world: World, address: string, ports: number[], spec: object = {}, name = 'asks'): Promise<string[]> {
  const body = `
    const connect = (port) => new Promise((resolve) => require('node:net').connect(port, '${address}')
      .setTimeout(1000, () => resolve('silence'))
      .once('connect', () => resolve('connected'))
      .once('error', ({ code }) => resolve(code)));
    return Promise.all(${JSON.stringify(ports)}.map(connect));`;
  return found(world, body, spec, name);
}

/** kubernetes.io: Network Policies. */
export const networkPolicies = topic('network policies', {
  'one that names no type is about what comes in': async (world) => {
    const { spec } = await apply(world, {});
    assert.deepEqual(spec.policyTypes, ['Ingress']);
  },
  'one with rules for what goes out is about both': async (world) => {
    const { spec } = await apply(world, { egress: [{ ports: [{ port: 80 }] }] });
    assert.deepEqual(spec.policyTypes, ['Ingress', 'Egress']);
    assert.equal(spec.egress[0].ports[0].protocol, 'TCP');
  },
  'what is no peer, port or type is refused with its field': async (world) => {
    const refuses = async (spec: object, field: string) =>
      invalid(await world.api.post(path(world), policy(spec)), field);
    const ingress = (rule: object) => ({ ingress: [rule] });
    await refuses({ policyTypes: ['Both'] }, 'spec.policyTypes[0]');
    await refuses(ingress({ from: [{}] }), 'spec.ingress[0].from[0]');
    const both = { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } };
    await refuses(ingress({ from: [both] }), 'spec.ingress[0].from[0]');
    await refuses(ingress({ from: [{ ipBlock: { cidr: 'ten' } }] }), 'spec.ingress[0].from[0].ipBlock.cidr');
    const hole = { cidr: '10.0.0.0/16', except: ['10.1.0.0/24'] };
    await refuses(ingress({ from: [{ ipBlock: hole }] }), 'spec.ingress[0].from[0].ipBlock.except[0]');
    await refuses(ingress({ ports: [{ port: 0 }] }), 'spec.ingress[0].ports[0].port');
    await refuses(ingress({ ports: [{ port: 90, endPort: 80 }] }), 'spec.ingress[0].ports[0].endPort');
    await refuses(ingress({ ports: [{ endPort: 80 }] }), 'spec.ingress[0].ports[0].endPort');
    await refuses(ingress({ ports: [{ port: 'http', endPort: 80 }] }), 'spec.ingress[0].ports[0].endPort');
    await refuses({ egress: [{ to: [{}] }] }, 'spec.egress[0].to[0]');
  },
  'its columns are its pods': async (world) => {
    await apply(world, { podSelector: { matchLabels: { app: 'some' } } });
    await apply(world, {}, 'whole');
    const table = await world.api.get(path(world), { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    const { columnDefinitions, rows } = ok(table);
    assert.deepEqual(
      columnDefinitions.map(({ name }: Json) => name),
      ['Name', 'Pod-Selector', 'Age'],
    );
    assert.deepEqual(
      rows.map(({ cells }: Json) => cells.slice(0, 2)),
      [
        ['some', 'app=some'],
        ['whole', '<none>'],
      ],
    );
  },
  'where none is, everybody may call': async (world) => {
    assert.deepEqual(await tried(world, await served(world), [8080, 9090]), ['connected', 'connected']);
  },
  'pods that are closed answer nobody, and their node’s probes all the same': async (world) => {
    await apply(world, {});
    assert.deepEqual(await tried(world, await served(world), [8080]), ['silence']);
  },
  'those that it names may call, on the ports that it names': async (world) => {
    const from = [{ podSelector: { matchLabels: { app: 'friend' } } }];
    await apply(world, {
      podSelector: { matchLabels: { app: 'some' } },
      ingress: [{ from, ports: [{ port: 'http' }] }],
    });
    const address = await served(world);
    assert.deepEqual(await tried(world, address, [8080, 9090], {}, 'friend'), ['connected', 'silence']);
    assert.deepEqual(await tried(world, address, [8080, 9090], {}, 'stranger'), ['silence', 'silence']);
  },
  'policies add up, and namespaces are peers by their labels': async (world) => {
    const own = { matchLabels: { 'kubernetes.io/metadata.name': world.namespace } };
    await apply(world, { podSelector: { matchLabels: { app: 'some' } } });
    const rule = { from: [{ namespaceSelector: own }], ports: [{ port: 9000, endPort: 9100 }] };
    await apply(world, { podSelector: { matchLabels: { app: 'some' } }, ingress: [rule] }, 'other');
    assert.deepEqual(await tried(world, await served(world), [8080, 9090]), ['silence', 'connected']);
  },
  'labels of namespaces count as they are at the moment': async (world) => {
    const path = `/api/v1/namespaces/${world.namespace}`;
    const label = async (team: string | null) =>
      ok(await world.api.patch(path, 'merge', { metadata: { labels: { team } } }));
    const address = await served(world);
    await apply(world, { ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }] }] });
    assert.deepEqual(await tried(world, address, [8080], {}, 'before'), ['silence']);
    await label('a');
    assert.deepEqual(await tried(world, address, [8080], {}, 'friend'), ['connected']);
    await label(null);
    assert.deepEqual(await tried(world, address, [8080], {}, 'after'), ['silence']);
  },
  'a pod that is terminating is closed to the end': async (world) => {
    const code = `process.on('SIGTERM', () => {}); require('node:http').createServer((request, response) => response.end()).listen(8080);`;
    const readinessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1 };
    const some = pod('some', code, { readinessProbe }, { terminationGracePeriodSeconds: 20 });
    ok(await world.api.post(world.core('pods'), some));
    const address = (await ready(world, 'some')).status.podIP;
    await apply(world, {});
    ok(await world.api.delete(world.core('pods/some')));
    assert.deepEqual(await tried(world, address, [8080]), ['silence']);
    assert.ok(ok(await world.api.get(world.core('pods/some'))).metadata.deletionTimestamp);
    await world.api.delete(`${world.core('pods/some')}?gracePeriodSeconds=0`);
  },
  'who may call nobody gets no answer; who may call an address does, except in its hole': async (world) => {
    const address = await served(world);
    const egress = (rules: object[], name: string) =>
      apply(world, { podSelector: { matchLabels: { app: name } }, policyTypes: ['Egress'], egress: rules }, name);
    await egress([], 'closed');
    await egress([{ to: [{ ipBlock: { cidr: `${address}/32` } }] }], 'open');
    const hole = { cidr: '0.0.0.0/0', except: [`${address}/32`] };
    await egress([{ to: [{ ipBlock: hole }] }], 'holed');
    assert.deepEqual(await tried(world, address, [8080], {}, 'open'), ['connected']);
    assert.deepEqual(await tried(world, address, [8080], {}, 'closed'), ['silence']);
    assert.deepEqual(await tried(world, address, [8080], {}, 'holed'), ['silence']);
  },
});
