import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaultWorld } from '../../embedded/controllers/faults/testing/fault-world.ts';
import type { Deployment, Pod } from '../../embedded/kinds/types.ts';
import type { FaultSpec } from '../fault-object.ts';
import { faultTypes } from '../index.ts';
import { deploymentEdit } from './deployment-edit.ts';

const env = [
  { name: 'PORT_OF_ANOTHER', value: 'x' },
  { name: 'MAX_CONCURRENT', value: '32' },
];
const service = { name: 'service', image: 'x', env, readinessProbe: { httpGet: { path: '/readyz', port: 8080 } } };

const annotations = { 'breakwater.dev/token-key': 'JWT_SECRET' };

async function open() {
  const world = await FaultWorld.open(faultTypes, { 'deployment-edit': deploymentEdit });
  const labels = { app: 'orders' };
  const template = { metadata: { labels, annotations }, spec: { containers: [service] } };
  const spec = { replicas: 2, selector: { matchLabels: labels }, template };
  await world.api.create('Deployment', { metadata: { name: 'orders', namespace: 'shop' }, spec } as Deployment);
  const metadata = { name: 'orders-1', namespace: 'shop', labels, annotations };
  await world.api.create('Pod', { metadata, spec: template.spec } as Pod);
  return world;
}

const asked = (type: string, parameters?: Record<string, number>): Partial<FaultSpec> => ({
  type,
  target: { service: 'orders' },
  ...(parameters && { parameters }),
});
const deployment = async (world: FaultWorld) => (await world.api.get('Deployment', 'orders', 'shop')).spec!;
const variables = async (world: FaultWorld) => (await deployment(world)).template.spec!.containers[0]!.env;

test('somebody scales a Deployment, the fault says from what to what, and its end puts it back', async () => {
  const world = await open();
  await world.create(asked('drift-replicas', { replicas: 0 }));
  await world.reconcile();
  assert.equal((await deployment(world)).replicas, 0);
  const { status } = await world.fault();
  const edit = {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'orders',
    field: 'spec.replicas',
    before: '2',
    after: '0',
  };
  assert.deepEqual([status?.phase, status?.edits], ['Active', [edit]]);
  world.now = 60_000;
  await world.reconcile();
  assert.deepEqual([(await deployment(world)).replicas, (await world.fault()).status?.undo], [2, { state: 'Done' }]);
});

test('what self-heal has put back is told, not done again, and left alone at the end', async () => {
  const world = await open();
  await world.create(asked('drift-replicas', { replicas: 0 }));
  await world.reconcile();
  await world.api.patch('Deployment', 'orders', 'shop', { spec: { replicas: 2 } });
  await world.reconcile();
  assert.equal((await deployment(world)).replicas, 2);
  assert.equal((await world.fault()).status?.edits?.[0]?.undone, true);
  await world.api.patch('Deployment', 'orders', 'shop', { spec: { replicas: 5 } });
  await world.controller.end(await world.fault());
  assert.equal((await deployment(world)).replicas, 5);
});

test('a number in the environment is changed, and nothing else', async () => {
  const world = await open();
  await world.create(asked('drift-setting', { toPercent: 10 }));
  await world.reconcile();
  assert.deepEqual(await variables(world), [env[0], { name: 'MAX_CONCURRENT', value: '3' }]);
  await world.api.delete('Fault', 'slow', 'shop');
  await world.reconcile();
  assert.deepEqual(await variables(world), env);
});

test('a bad release is another revision, whose crashes are counted, and the template is as before once it is rolled back', async () => {
  const world = await open();
  const before = (await deployment(world)).template;
  await world.create(asked('bad-release'));
  await world.reconcile();
  const { template } = await deployment(world);
  assert.deepEqual(template.spec!.containers[0]!.env!.at(-1), { name: 'PORT', value: 'broken' });
  const metadata = { name: 'orders-2', namespace: 'shop', labels: { app: 'orders' } };
  await world.api.create('Pod', { metadata, spec: template.spec } as Pod);
  const containerStatuses = [{ name: 'service', image: 'x', imageID: 'x', ready: false, restartCount: 3 }];
  await world.api.patch('Pod', 'orders-2', 'shop', { status: { phase: 'Running', containerStatuses } }, 'status');
  await world.reconcile();
  await world.controller.end(await world.fault());
  const { status } = await world.fault();
  assert.deepEqual([status?.counts?.killed, status?.pods], [3, ['orders-2']]);
  assert.deepEqual((await deployment(world)).template, before);
});

test('a key is rotated where tokens are checked, refusals are counted meanwhile, and nothing is left of either', async () => {
  const world = await open();
  const before = await deployment(world);
  const { metadata } = await world.create(asked('expired-token'));
  await world.reconcile();
  const { template } = await deployment(world);
  const key = { name: 'JWT_SECRET', value: `rotated-${metadata.uid}` };
  assert.deepEqual(template.spec!.containers[0]!.env, [...env, key]);
  const witness = world.acting.get(metadata.uid!)!;
  assert.deepEqual([witness.what, world.hit()], [{ type: 'http-refused', attributes: { status: 401 } }, ['orders-1']]);
  world.surroundings.report(metadata.uid!, { counter: 'wire', failed: 7, pods: ['orders-1'] });
  world.now = 60_000;
  await world.reconcile();
  const { status } = await world.fault();
  assert.deepEqual([status?.phase, status?.counts?.failed, status?.undo], ['Ended', 7, { state: 'Done' }]);
  assert.deepEqual([await deployment(world), world.acting.size], [before, 0]);
});

test('a rotation whose witness is silent is undone itself, and its end waits for the witness', async () => {
  const world = await open();
  await world.create(asked('expired-token'));
  await world.reconcile();
  world.silent = ['the data plane'];
  await world.api.delete('Fault', 'slow', 'shop');
  await world.reconcile();
  assert.deepEqual([await variables(world), (await world.fault()).status?.phase], [env, 'Ending']);
  world.silent = [];
  await world.reconcile();
  await assert.rejects(world.fault(), { code: 'NotFound' });
});

test('a controller that was restarted meanwhile puts back what the one before has changed', async () => {
  const world = await open();
  await world.create(asked('bad-release'));
  await world.reconcile();
  world.restarted();
  world.now = 60_000;
  await world.reconcile();
  assert.deepEqual([await variables(world), (await world.fault()).status?.phase], [env, 'Ended']);
});

test('two faults do not change the same field: only one of them could put it back', async () => {
  const world = await open();
  await world.create(asked('drift-replicas', { replicas: 0 }));
  await world.reconcile();
  await world.create(asked('drift-replicas', { replicas: 7 }), 'second');
  await world.reconcile('second');
  const { status } = await world.fault('second');
  assert.deepEqual([status?.phase, (await deployment(world)).replicas], ['Pending', 0]);
  assert.match(status!.reason!, /the fault slow has changed spec.replicas of orders already/);
});

test('while it stands it is among what acts, and a block has it put back', async () => {
  const world = await open();
  const { metadata } = await world.create(asked('drift-replicas', { replicas: 0 }));
  await world.reconcile();
  const driver = () => world.controller.runs.drivers.get('deployment-edit')!.acting([]);
  assert.deepEqual((await driver()).ids, [metadata.uid]);
  await world.controller.end(await world.fault());
  assert.deepEqual((await driver()).ids, []);
});

test('where nothing could be changed the fault fails, and says so', async () => {
  const world = await FaultWorld.open(faultTypes, { 'deployment-edit': deploymentEdit });
  await world.pods('bank-1');
  for (const [type, reason] of [
    ['drift-setting', /no number that could be changed/],
    ['bad-release', /none reads PORT/],
    ['expired-token', /it checks no tokens/],
  ] as const) {
    await world.create({ type, target: { service: 'bank' } }, type);
    await world.reconcile(type);
    const { status } = await world.fault(type);
    assert.equal(status?.phase, 'Failed');
    assert.match(status.reason!, reason);
  }
});
