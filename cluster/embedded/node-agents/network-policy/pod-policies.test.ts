import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Namespace, NetworkPolicy, Pod } from '../../kinds/types.ts';
import { podPolicies } from './pod-policies.ts';

const namespace = (name: string, labels: object): Namespace => ({ metadata: { name, labels } }) as Namespace;
const pod = (namespaceName: string, app: string, http: number): Pod => ({
  metadata: { name: app, namespace: namespaceName, uid: `${namespaceName}/${app}`, labels: { app } },
  spec: { containers: [{ name: 'main', ports: [{ name: 'http', containerPort: http }] }] },
});
const world = {
  namespaces: [namespace('shop', { team: 'a' }), namespace('bank', { team: 'b' })],
  pods: [pod('shop', 'web', 8080), pod('shop', 'db', 9090), pod('bank', 'web', 8081)],
};
const policies = (...specs: NonNullable<NetworkPolicy['spec']>[]) =>
  podPolicies({ ...world, policies: specs.map((spec) => ({ metadata: { name: 'some', namespace: 'shop' }, spec })) });
const app = (name: string) => ({ matchLabels: { app: name } });

test('a named port is one of TCP, and may be one of a sidecar', () => {
  const ports = (protocol: string, containerPort: number) => [{ name: 'http', protocol, containerPort }];
  const containers = [{ name: 'main', ports: ports('TCP', 80) }];
  const initContainers = [
    { name: 'proxy', restartPolicy: 'Always', ports: ports('TCP', 15_001) },
    { name: 'once', ports: ports('TCP', 1) },
  ];
  const udp = {
    metadata: { uid: 'udp', namespace: 'shop' },
    spec: { containers: [...containers, { name: 'dns', ports: ports('UDP', 53) }] },
  };
  const sidecar = {
    metadata: { uid: 'sidecar', namespace: 'shop' },
    spec: { initContainers, containers: [{ name: 'main' }] },
  };
  const spec = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 'http' }] }] };
  const policy = { metadata: { name: 'some', namespace: 'shop' }, spec };
  const [found] = podPolicies({ policies: [policy], pods: [udp, sidecar] as Pod[], namespaces: world.namespaces });
  assert.deepEqual(found!.ingress![0]!.ports, [{ byPod: { udp: 80, sidecar: 15_001 } }]);
});

test('an empty selector isolates all pods of the namespace, in the directions that are named', () => {
  const [ingress, both] = policies(
    { podSelector: {}, policyTypes: ['Ingress'] },
    { podSelector: app('db'), policyTypes: ['Ingress', 'Egress'] },
  );
  assert.deepEqual(ingress, { pods: ['shop/web', 'shop/db'], ingress: [] });
  assert.deepEqual(both, { pods: ['shop/db'], ingress: [], egress: [] });
});

test('peers are pods of the own namespace, of namespaces, or both at once', () => {
  const from = [
    { podSelector: app('web') },
    { namespaceSelector: { matchLabels: { team: 'b' } } },
    { namespaceSelector: { matchLabels: { team: 'b' } }, podSelector: app('db') },
    { namespaceSelector: {}, podSelector: app('web') },
  ];
  const [found] = policies({
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: from.map((peer) => ({ from: [peer] })),
  });
  assert.deepEqual(
    found!.ingress!.map(({ peers }) => peers?.pods),
    [['shop/web'], ['bank/web'], [], ['shop/web', 'bank/web']],
  );
});

test('a rule without peers is for everybody, and one of addresses for no pod by its labels', () => {
  const ipBlock = { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] };
  const [found] = policies({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [] }, { to: [{ ipBlock }] }] });
  assert.deepEqual(found!.egress, [
    { peers: null, ports: null },
    { peers: { pods: [], blocks: [ipBlock] }, ports: null },
  ]);
});

test('ports are numbers, ranges, or names that are another number in each pod; those of UDP permit no TCP', () => {
  const ports = [{ port: 80 }, { port: 8000, endPort: 8099 }, { port: 'http' }, { protocol: 'UDP', port: 53 }, {}];
  const [found] = policies({
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: [{ ports }, { ports: [{ protocol: 'UDP', port: 53 }] }],
  });
  assert.deepEqual(
    found!.ingress!.map((rule) => rule.ports),
    [
      [
        { from: 80, to: 80 },
        { from: 8000, to: 8099 },
        { byPod: { 'shop/web': 8080, 'shop/db': 9090, 'bank/web': 8081 } },
        { from: 1, to: 65_535 },
      ],
      [],
    ],
  );
});
