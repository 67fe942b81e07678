import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Manifest } from '../../../cluster/client/apply.ts';
import { deliveryOf, newViolations, refusalOf, violationsOf } from './check-policies.ts';
import { policies } from './index.ts';

const good = {
  name: 'service',
  image: 'shop/payments:v1',
  ports: [{ containerPort: 8080 }],
  resources: { limits: { memory: '96Mi' } },
  readinessProbe: { httpGet: { path: '/readyz', port: 8080 } },
};
function deployment(container: object = {}, pod: object = {}, { replicas = 1, annotations = {} } = {}): Manifest {
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'payments', annotations } },
    spec: { replicas, template: { spec: { containers: [{ ...good, ...container }], ...pod } } },
  } as unknown as Manifest;
}
const said = (manifest: Manifest) => violationsOf([manifest]).map(({ policy, message }) => `${policy}: ${message}`);
const entry = { 'breakwater.dev/entry': 'true' };
const enforcing = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  metadata: { name: 'delivery', labels: { 'breakwater.dev/delivery': 'true' } },
  data: { policy: 'enforce' },
} as unknown as Manifest;

test('each policy finds what it is for, and says what to do', () => {
  assert.deepEqual(said(deployment()), []);
  const found: Record<string, Manifest> = {
    'images-pinned: container service runs shop/payments:latest: name a version in place of :latest': deployment({
      image: 'shop/payments:latest',
    }),
    'limits-set: container service has no memory limit: set resources.limits.memory': deployment({ resources: {} }),
    'probes-present: container service has ports and no readinessProbe: add one': deployment({
      readinessProbe: undefined,
    }),
    'entry-replicas: it has 1 replica: set spec.replicas to 2 or more': deployment({}, {}, { annotations: entry }),
    'not-privileged: its pods have hostNetwork: take it away': deployment({}, { hostNetwork: true }),
  };
  for (const [words, manifest] of Object.entries(found)) assert.deepEqual(said(manifest), [words]);
  assert.deepEqual(
    new Set(Object.keys(found).map((words) => words.split(':')[0])),
    new Set(policies.map(({ id }) => id)),
  );
});

test('an image is pinned by a tag or a digest, also behind a registry with a port', () => {
  for (const image of ['a:1', 'localhost:5000/a:1', 'a@sha256:0f', 'a:latest@sha256:0f'])
    assert.deepEqual(said(deployment({ image })), [], image);
  for (const image of ['a', 'localhost:5000/a', 'a:latest', ''])
    assert.equal(said(deployment({ image })).length, 1, image);
});

test('native sidecars and Jobs are held to them too', () => {
  assert.match(said(deployment({}, { initContainers: [{ ...good, image: 'agent' }] }))[0]!, /images-pinned/);
  const job = { ...deployment({ resources: {} }), kind: 'Job' };
  assert.match(said(job)[0]!, /limits-set/);
});

test('what was there before is no reason to refuse the next commit', () => {
  const [before, after] = [deployment({ resources: {} }), deployment({ resources: {}, image: 'a:latest' })];
  assert.deepEqual(
    newViolations([before], [after]).map(({ policy }) => policy),
    ['images-pinned'],
  );
});

test('policies refuse only while the state has them enforced, and can be switched off', () => {
  const [before, after] = [deployment(), deployment({ image: 'a:latest' })];
  assert.equal(refusalOf([before], [after]), null);
  assert.equal(refusalOf([before], [after, enforcing]), null, 'the commit that switches them on');
  assert.equal(refusalOf([before, enforcing], [after]), null);
  assert.equal(refusalOf([before, enforcing], [before, enforcing]), null);
  assert.match(
    refusalOf([before, enforcing], [after, enforcing])!,
    /Deployment\/payments: container service runs a:latest/,
  );
});

test('self-heal is on unless the state says otherwise', () => {
  assert.deepEqual(deliveryOf([]), { enforcesPolicies: false, selfHeals: true });
  const pushed = { ...enforcing, data: { selfHeal: 'false' } } as unknown as Manifest;
  assert.deepEqual(deliveryOf([enforcing, pushed]), { enforcesPolicies: true, selfHeals: false });
});
