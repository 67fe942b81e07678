import { openClusterState } from '../apiserver/cluster-state.ts';
import type { Api } from '../apiserver/api.ts';
import type { Deployment, Pod, Service } from '../kinds/types.ts';
import type { Context } from '../reconcile/define-controller.ts';
import type { EventRecorder } from '../reconcile/events.ts';

/** A cluster's API with nothing behind it: no controller acts unless the test calls it. */
export async function emptyCluster(): Promise<Api> {
  const { api } = openClusterState();
  await api.create('Namespace', { metadata: { name: 'shop' } });
  return api;
}

export interface NotedEvents extends EventRecorder {
  /** `Reason: message`, in order. */
  noted: string[];
}

export function noteEvents(): NotedEvents {
  const noted: string[] = [];
  return {
    noted,
    event: (_subject, _type, reason, message) => noted.push(`${reason}: ${message}`),
    flush: async () => {},
  };
}

/** What a reconcile works with, on a clock that the test turns. */
export interface TestContext extends Context {
  events: NotedEvents;
  /** Puts the clock forward. */
  pass(seconds: number): void;
}

/** @param start what the clock says first; unix time in ms */
export function testContext(api: Api, start = Date.now()): TestContext {
  let time = start;
  return {
    api,
    events: noteEvents(),
    now: () => time,
    pass(seconds) {
      time += seconds * 1000;
    },
  };
}

export function podTemplate(version = 'v1') {
  const containers = [{ name: 'web', image: `node:${version}`, ports: [{ name: 'http', containerPort: 8080 }] }];
  return { metadata: { labels: { app: 'web' } }, spec: { containers } };
}

export function webDeployment(spec: object = {}): Deployment {
  return {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: podTemplate(), ...spec },
  } as Deployment;
}

export function webService(spec: object = {}): Service {
  const ports = [{ port: 80, targetPort: 'http' }];
  return {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, ports, ...spec },
  } as Service;
}

/** Stands for the kubelet: the pod runs, at an address, ready or not. */
export async function run(api: Api, pod: Pod, ready: boolean, podIP = '10.244.1.2'): Promise<void> {
  const time = new Date(Date.now() - 1000).toISOString();
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: time }];
  const { name, namespace, uid } = pod.metadata;
  await api.updateStatus('Pod', {
    ...pod,
    metadata: { name, namespace, uid },
    status: { phase: 'Running', podIP, conditions },
  });
}

/** A cluster with one node, whose kubelet has just renewed its Lease, and a ready pod on it, `shop/web`. */
export async function podOnNode(): Promise<Api> {
  const api = await emptyCluster();
  await api.create('Node', { metadata: { name: 'node-1' } });
  await api.patch(
    'Node',
    'node-1',
    undefined,
    { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    'status',
  );
  await api.create('Lease', {
    metadata: { name: 'node-1', namespace: 'kube-node-lease' },
    spec: { renewTime: new Date().toISOString().replace('Z', '000Z') },
  });
  const { metadata, spec } = podTemplate();
  const pod = await api.create('Pod', { metadata: { ...metadata, name: 'web', namespace: 'shop' }, spec } as Pod);
  await api.bind('web', 'shop', 'node-1');
  await run(api, pod, true);
  return api;
}

/** Rises with every write to anything: equal before and after means that nobody wrote. */
export async function revision(api: Api): Promise<string> {
  return (await api.list('Pod')).resourceVersion;
}
