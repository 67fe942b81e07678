import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod } from '../kinds/types.ts';
import { failureMessage, pickNode } from './pick-node.ts';

const node = (name: string, zone: string, size = '1') =>
  ({ metadata: { name, labels: { 'kubernetes.io/hostname': name, zone, size } } }) as unknown as Node;
const nodes = [node('node-1', 'a'), node('node-2', 'a', '5'), node('node-3', 'b', '9')];

const pod = (app: string, spec: object = {}, nodeName?: string, namespace = 'shop') =>
  ({
    metadata: { name: app, namespace, labels: { app } },
    spec: { containers: [], nodeName, ...spec },
  }) as unknown as Pod;

const required = (...nodeSelectorTerms: object[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
const near = (kind: 'podAffinity' | 'podAntiAffinity', app: string, topologyKey: string, more: object = {}) => ({
  affinity: {
    [kind]: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey, labelSelector: { matchLabels: { app } }, ...more },
      ],
    },
  },
});
const spread = (topologyKey: string, whenUnsatisfiable = 'DoNotSchedule') => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey, whenUnsatisfiable, labelSelector: { matchLabels: { app: 'web' } } },
  ],
});

const placed = (one: Pod, pods: Pod[] = []) => {
  const pick = pickNode(one, nodes, pods);
  return 'node' in pick ? pick.node : failureMessage(pick.reasons, nodes.length);
};

test('required node affinity: all of a term, any of the terms; numbers, and the name as a field', () => {
  const size = (operator: string, value: string) => ({ key: 'size', operator, values: [value] });
  assert.equal(placed(pod('web', required({ matchExpressions: [size('Gt', '5')] }))), 'node-3');
  assert.equal(placed(pod('web', required({ matchExpressions: [size('Gt', '1'), size('Lt', '9')] }))), 'node-2');
  assert.equal(
    placed(
      pod(
        'web',
        required(
          { matchExpressions: [{ key: 'zone', operator: 'In', values: ['none'] }] },
          { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-2'] }] },
        ),
      ),
    ),
    'node-2',
  );
  assert.equal(
    placed(pod('web', required({}))),
    "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
  );
});

test('preferred node affinity goes by weight, before what is merely even', () => {
  const preference = (value: string) => ({ matchExpressions: [{ key: 'zone', operator: 'In', values: [value] }] });
  const preferredDuringSchedulingIgnoredDuringExecution = [
    { weight: 10, preference: preference('a') },
    { weight: 20, preference: preference('b') },
  ];
  const web = pod('web', { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution } } });
  assert.equal(placed(web, [pod('other', {}, 'node-3'), pod('other', {}, 'node-3')]), 'node-3');
});

test('pod affinity: into the topology of the company it wants, in its own namespace', () => {
  const web = pod('web', near('podAffinity', 'cache', 'zone'));
  assert.equal(placed(web, [pod('cache', {}, 'node-3')]), 'node-3');
  const nowhere = "0/3 nodes are available: 3 node(s) didn't match pod affinity rules.";
  assert.equal(placed(web), nowhere);
  assert.equal(placed(web, [pod('cache', {}, 'node-3', 'bank')]), nowhere);
  const named = pod('web', near('podAffinity', 'cache', 'zone', { namespaces: ['bank'] }));
  assert.equal(placed(named, [pod('cache', {}, 'node-3', 'bank')]), 'node-3');
});

test('the first of those that want to be together goes anywhere', () => {
  const together = near('podAffinity', 'web', 'zone');
  assert.equal(placed(pod('web', together)), 'node-1');
  assert.equal(placed(pod('web', together), [pod('web', together, 'node-3')]), 'node-3');
});

test('pod anti-affinity: away from those it shuns, and from those that shun it', () => {
  const apart = near('podAntiAffinity', 'web', 'kubernetes.io/hostname');
  const pods = [pod('web', apart, 'node-1'), pod('web', apart, 'node-2')];
  assert.equal(placed(pod('web', apart), pods), 'node-3');
  pods.push(pod('web', apart, 'node-3'));
  assert.equal(
    placed(pod('web', apart), pods),
    "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.",
  );
  assert.equal(
    placed(pod('web'), pods),
    "0/3 nodes are available: 3 node(s) didn't satisfy existing pods anti-affinity rules.",
  );
  assert.equal(placed(pod('web', near('podAntiAffinity', 'web', 'zone')), pods.slice(0, 1)), 'node-3');
});

test('preferred anti-affinity gives way where there is no other place', () => {
  const podAffinityTerm = { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'web' } } };
  const preferred = [{ weight: 1, podAffinityTerm }];
  const web = pod('web', {
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } },
  });
  assert.equal(placed(web, [pod('web', {}, 'node-1')]), 'node-3');
  assert.equal(placed(web, [pod('web', {}, 'node-1'), pod('web', {}, 'node-3'), pod('web', {}, 'node-3')]), 'node-2');
});

test('topology spread: no domain gets further ahead than maxSkew', () => {
  const web = pod('web', spread('zone'));
  assert.equal(placed(web, [pod('web', {}, 'node-1')]), 'node-3');
  assert.equal(placed(web, [pod('web', {}, 'node-1'), pod('web', {}, 'node-3')]), 'node-2');
  const elsewhere = pod('web', { ...spread('zone'), nodeSelector: { 'kubernetes.io/hostname': 'node-1' } });
  assert.equal(placed(elsewhere, [pod('web', {}, 'node-1')]), 'node-1', 'zones it cannot go to do not count');
  assert.equal(
    placed(pod('web', spread('rack'))),
    "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label).",
  );
  const wish = pod('web', spread('zone', 'ScheduleAnyway'));
  assert.equal(placed(wish, [pod('web', {}, 'node-1'), pod('other', {}, 'node-3')]), 'node-3');
});
