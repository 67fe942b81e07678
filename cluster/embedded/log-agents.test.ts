import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { KubernetesObject } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { startLogSink, type LogSink } from '../shop/services/log-agent/testing/log-sink.ts';
import type { Fault } from './kinds/types.ts';
import { hostIpAnnotation } from './kubelet/node-registration.ts';
import { killed, newHome, removeHome, startClusterProcess, type ClusterProcess } from './testing/cluster-process.ts';
import { podName, script } from './testing/manifests.ts';
import { until } from './testing/until.ts';

// The agents as the pattern brings them, on nodes whose pods print.
const manifest = new URL('../shop/manifests/patterns/log-collection/daemonset/log-agent.yaml', import.meta.url);
const namespace = 'shop';
const home = newHome();
let cluster: ClusterProcess;
let sink: LogSink;
before(async () => {
  [cluster, sink] = await Promise.all([startClusterProcess(home), startLogSink()]);
  const create = (object: KubernetesObject & { spec?: object }) => cluster.objects.create(object);
  await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await create(parse(readFileSync(manifest, 'utf8')) as KubernetesObject);
  const { items } = await cluster.core.listNode();
  const address = items[0]!.metadata!.annotations![hostIpAnnotation]!;
  for (const name of ['log-store', 'telemetry']) {
    const metadata = { name, namespace };
    await create({ apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 4318 }] } });
    await create({
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': name } },
      ...{ endpoints: [{ addresses: [address] }], ports: [{ name: '', port: Number(new URL(sink.url).port) }] },
    } as KubernetesObject);
  }
});
after(async () => {
  await killed(cluster);
  removeHome(home);
  sink.close();
});

const counting = `let n = 0; setInterval(() => console.log(process.env.POD, ++n), 20)`;

test('one agent on each node brings what the pods there print, each line once', async () => {
  const { spec } = script('orders', counting, { env: [podName] });
  const labels = { app: 'orders' };
  const template = { metadata: { labels }, spec: { ...spec, terminationGracePeriodSeconds: 0 } };
  const selector = { matchLabels: labels };
  const body = {
    metadata: { name: 'orders', namespace },
    spec: { replicas: 3, selector, template: template as never },
  };
  await until('the agents are ready', async () => {
    const { status } = await cluster.apps.readNamespacedDaemonSet({ name: 'log-agent', namespace });
    return status?.numberReady === 3 && status.desiredNumberScheduled === 3;
  });
  await cluster.apps.createNamespacedDeployment({ namespace, body });
  const nodes = () => new Set(sink.logs.map(({ resource }) => resource['k8s.node.name']));
  await until('something of each node has come', () => nodes().size === 3 && sink.logs.length > 100);
  const bodies = sink.logs.map(({ body: line }) => line);
  assert.equal(new Set(bodies).size, bodies.length);
  for (const { body: line, resource } of sink.logs) {
    assert.deepEqual([resource['k8s.pod.name'], resource['service.name']], [line.split(' ')[0], 'orders']);
  }
});

test('a flood, and a store that is slow, meet the agents, and say what they have done', async () => {
  const fault = async (type: string, target: object, parameters: object) => {
    const object = { apiVersion: 'faults.breakwater.dev/v1alpha1', kind: 'Fault', metadata: { name: type, namespace } };
    await cluster.objects.create({
      ...object,
      spec: { type, target, parameters, duration: '60s' },
    } as KubernetesObject);
    return async () => ((await cluster.objects.read(object as never)) as unknown as Fault).status?.counts;
  };
  const slow = await fault('slow-log-sink', { edge: '*>log-store' }, { delayMs: 300 });
  const flood = await fault('log-flood', { service: 'orders' }, { linesPerSecond: 1_000 });
  await until('requests are late', async () => ((await slow())?.delayed ?? 0) > 3);
  await until('lines are printed', async () => ((await flood())?.sent ?? 0) > 1_000);
  await until('they come', () => sink.logs.some(({ body: line, severity }) => line === 'Flood' && severity === 5));
  const stopped = {
    apiVersion: 'faults.breakwater.dev/v1alpha1',
    kind: 'Fault',
    metadata: { name: 'log-flood', namespace },
  };
  await cluster.objects.delete(stopped);
  await until('nothing of it is left', async () =>
    cluster.objects.read(stopped as never).then(
      () => false,
      () => true,
    ),
  );
});
