import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { invalid, ok } from '../expect.ts';
import { idle, pod, service, web } from '../objects.ts';

const slices = async ({ api, namespace }: World, name = 'some'): Promise<Json[]> => {
  const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`);
  return ok(await api.get(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`))
    .items;
};
const endpoints = async (world: World): Promise<Json[]> =>
  (await slices(world)).flatMap((slice) => slice.endpoints ?? []);
const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1 };
const served = async (world: World, spec: object = {}) => {
  ok(await world.api.post(world.core('services'), service('some', spec)));
  ok(await world.api.post(world.core('pods'), pod('some', web, { readinessProbe })));
  await eventually('the pod is an endpoint', async () =>
    (await endpoints(world)).some(({ conditions }) => conditions.ready),
  );
};
/** What a program in the cluster is answered; it asks until it is. */
async function asked(world: World, url: string): Promise<string> {
  const code = `
    const ask = () => fetch('${url}').then((r) => r.text()).then((text) => { console.log(text); process.exit(0); })
      .catch(() => setTimeout(ask, 100));
    ask()`;
  ok(await world.api.post(world.core('pods'), pod('asks', code, {}, { restartPolicy: 'Never' })));
  await eventually('it was answered', async () => {
    return ok(await world.api.get(world.core('pods/asks'))).status.phase === 'Succeeded';
  });
  return (await world.api.get(world.core('pods/asks/log'))).text;
}

export const services = topic('services', {
  'one is given an address of the cluster': async ({ api, core }) => {
    const { spec } = ok(await api.post(core('services'), service('some')));
    assert.match(spec.clusterIP, /^\d+\.\d+\.\d+\.\d+$/);
    assert.deepEqual(spec.clusterIPs, [spec.clusterIP]);
    assert.deepEqual(spec.ipFamilies, ['IPv4']);
    assert.equal(spec.ipFamilyPolicy, 'SingleStack');
  },
  'its endpoints can be read in the older form too': async (world) => {
    await served(world);
    const [slice] = await slices(world);
    const [address] = await eventually('they are there', async () => {
      const { status, body } = await world.api.get(world.core('endpoints/some'));
      return status === 200 && body.subsets?.[0].addresses;
    });
    assert.equal(address.ip, slice.endpoints[0].addresses[0]);
    assert.equal(address.targetRef.name, 'some');
    const { subsets } = ok(await world.api.get(world.core('endpoints/some')));
    assert.deepEqual(subsets[0].ports, [{ port: 8080, protocol: 'TCP' }]);
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { columnDefinitions, rows } = ok(await world.api.get(world.core('endpoints'), { accept }));
    const names = columnDefinitions.map(({ name }: Json) => name);
    assert.deepEqual(names, ['Name', 'Endpoints', 'Age']);
    assert.equal(rows[0].cells[1], `${address.ip}:8080`);
  },
  'its address cannot be changed': async ({ api, core }) => {
    ok(await api.post(core('services'), service('some')));
    const answer = await api.patch(core('services/some'), 'merge', { spec: { clusterIP: '10.96.200.200' } });
    assert.equal(answer.status, 422, answer.text);
  },
  'an address that is taken cannot be had': async ({ api, core }) => {
    const { spec } = ok(await api.post(core('services'), service('some')));
    invalid(await api.post(core('services'), service('other', { clusterIP: spec.clusterIP })), 'spec.clusterIPs');
  },
  'a headless one has none': async ({ api, core }) => {
    const { spec } = ok(await api.post(core('services'), service('some', { clusterIP: 'None' })));
    assert.equal(spec.clusterIP, 'None');
  },
  'a node port is given from its range': async ({ api, core }) => {
    const { spec } = ok(await api.post(core('services'), service('some', { type: 'NodePort' })));
    assert.ok(spec.ports[0].nodePort >= 30_000 && spec.ports[0].nodePort <= 32_767);
  },
  'a node port that is taken cannot be had': async ({ api, core }) => {
    const { spec } = ok(await api.post(core('services'), service('some', { type: 'NodePort' })));
    const ports = [{ port: 80, nodePort: spec.ports[0].nodePort }];
    const answer = await api.post(core('services'), service('other', { type: 'NodePort', ports }));
    invalid(answer, 'spec.ports[0].nodePort');
  },
  'an external name has no address and no need of ports': async ({ api, core }) => {
    const some = { type: 'ExternalName', externalName: 'shop.example.com', selector: undefined, ports: undefined };
    const { spec } = ok(await api.post(core('services'), service('some', some)));
    assert.equal(spec.clusterIP, undefined);
  },
  'ready pods are its endpoints': async (world) => {
    await served(world);
    const [slice] = await slices(world);
    assert.equal(slice.addressType, 'IPv4');
    assert.deepEqual(slice.ports, [{ name: '', port: 8080, protocol: 'TCP' }]);
    const { status } = ok(await world.api.get(world.core('pods/some')));
    const [endpoint] = slice.endpoints;
    assert.deepEqual(endpoint.addresses, [status.podIP]);
    assert.equal(endpoint.targetRef.name, 'some');
    assert.equal(slice.metadata.ownerReferences[0].kind, 'Service');
  },
  'pods that are not ready are endpoints that are not ready': async (world) => {
    ok(await world.api.post(world.core('services'), service('some')));
    const never = { tcpSocket: { port: 9 }, periodSeconds: 1 };
    ok(await world.api.post(world.core('pods'), pod('some', idle, { readinessProbe: never })));
    const [endpoint] = await eventually('the pod is an endpoint', async () => {
      const all = await endpoints(world);
      return all.length > 0 && all;
    });
    assert.equal(endpoint.conditions.ready, false);
    assert.equal(endpoint.conditions.serving, false);
    assert.equal(endpoint.conditions.terminating, false);
  },
  'one that publishes what is not ready says it is ready': async (world) => {
    ok(await world.api.post(world.core('services'), service('some', { publishNotReadyAddresses: true })));
    const never = { tcpSocket: { port: 9 }, periodSeconds: 1 };
    ok(await world.api.post(world.core('pods'), pod('some', idle, { readinessProbe: never })));
    await eventually('the pod is a ready endpoint', async () => (await endpoints(world))[0]?.conditions.ready);
  },
  'a pod that has gone is no endpoint': async (world) => {
    await served(world);
    ok(await world.api.delete(world.core('pods/some')));
    await eventually('there is none', async () => (await endpoints(world)).length === 0);
  },
  'a named target port is each pod’s own': async (world) => {
    const ports = [{ port: 80, targetPort: 'http' }];
    ok(await world.api.post(world.core('services'), service('some', { ports })));
    const some = pod('some', web, { readinessProbe, ports: [{ name: 'http', containerPort: 8080 }] });
    ok(await world.api.post(world.core('pods'), some));
    await eventually('the port is found', async () => {
      return (await slices(world)).some((slice) => slice.ports?.[0]?.port === 8080 && slice.endpoints?.length);
    });
  },
  'its name leads to its pods': async (world) => {
    await served(world);
    assert.equal(await asked(world, 'http://some/'), 'hello\n');
  },
  'its long name leads there too': async (world) => {
    await served(world);
    assert.equal(await asked(world, `http://some.${world.namespace}.svc.cluster.local/`), 'hello\n');
  },
  'a headless one’s name is the pods’ own address': async (world) => {
    await served(world, { clusterIP: 'None' });
    assert.equal(await asked(world, 'http://some:8080/'), 'hello\n');
  },
  'a headless one needs no ports': async (world) => {
    await served(world, { clusterIP: 'None', ports: undefined });
    assert.equal(await asked(world, 'http://some:8080/'), 'hello\n');
  },
  'variables tell of services that were there before': async (world) => {
    const { spec } = ok(await world.api.post(world.core('services'), service('some')));
    const code = 'console.log(process.env.SOME_SERVICE_HOST, process.env.SOME_SERVICE_PORT)';
    // A node hears of a new service a moment later.
    const said = await eventually('it is told', async () => {
      ok(await world.api.post(world.core('pods'), pod('looks', code, {}, { restartPolicy: 'Never' })));
      await eventually('it has looked', async () => {
        return ok(await world.api.get(world.core('pods/looks'))).status.phase === 'Succeeded';
      });
      const { text } = await world.api.get(world.core('pods/looks/log'));
      ok(await world.api.delete(world.core('pods/looks?gracePeriodSeconds=0')));
      return text.startsWith(spec.clusterIP) && text;
    });
    assert.equal(said, `${spec.clusterIP} 80\n`);
  },
});
