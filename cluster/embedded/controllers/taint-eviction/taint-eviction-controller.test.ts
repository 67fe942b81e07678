import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import type { Pod } from '../../kinds/types.ts';
import { podOnNode, revision, testContext } from '../../testing/controller-fixture.ts';
import { reconcileNode } from '../node-lifecycle/node-lifecycle-controller.ts';
import { evictionTime, reconcilePodOnTaintedNode } from './taint-eviction-controller.ts';

const thePod = (api: Api) => api.get('Pod', 'web', 'shop');
const taintNode = (api: Api, taint: object) => api.patch('Node', 'node-1', undefined, { spec: { taints: [taint] } });

test('a pod on a node without such a taint stays', async () => {
  const api = await podOnNode();
  await taintNode(api, { key: 'gpu', effect: 'NoSchedule' });
  const before = await revision(api);
  assert.equal(await reconcilePodOnTaintedNode(testContext(api), 'shop/web'), undefined);
  assert.equal(await revision(api), before);
});

test('a pod that does not bear the taint goes at once, and its condition says why', async () => {
  const api = await podOnNode();
  const context = testContext(api);
  await taintNode(api, { key: 'maintenance', effect: 'NoExecute' });
  await reconcilePodOnTaintedNode(context, 'shop/web');
  const { metadata, status } = await thePod(api);
  assert.ok(metadata.deletionTimestamp);
  const target = status!.conditions!.find(({ type }) => type === 'DisruptionTarget');
  assert.deepEqual([target?.status, target?.reason], ['True', 'DeletionByTaintManager']);
  assert.deepEqual(context.events.noted, ['TaintManagerEviction: Marking for deletion Pod shop/web']);
});

test('a node that falls silent loses its pods after the five minutes that admission lets them bear', async () => {
  const api = await podOnNode();
  const context = testContext(api, Math.floor(Date.now() / 1000) * 1000);
  context.pass(51);
  await reconcileNode(context, '/node-1');
  assert.equal(await reconcilePodOnTaintedNode(context, 'shop/web'), 300_000);
  context.pass(299);
  assert.equal(await reconcilePodOnTaintedNode(context, 'shop/web'), 1000);
  assert.equal((await thePod(api)).metadata.deletionTimestamp, undefined);
  context.pass(1);
  await reconcilePodOnTaintedNode(context, 'shop/web');
  assert.ok((await thePod(api)).metadata.deletionTimestamp);
});

test('a node that comes back in time keeps its pods', async () => {
  const api = await podOnNode();
  const context = testContext(api);
  context.pass(51);
  await reconcileNode(context, '/node-1');
  const spec = { renewTime: new Date(context.now()).toISOString().replace('Z', '000Z') };
  await api.patch('Lease', 'node-1', 'kube-node-lease', { spec });
  const conditions = [{ type: 'Ready', status: 'True' }];
  await api.patch('Node', 'node-1', undefined, { status: { conditions } }, 'status');
  await reconcileNode(context, '/node-1');
  context.pass(600);
  assert.equal(await reconcilePodOnTaintedNode(context, 'shop/web'), undefined);
  assert.equal((await thePod(api)).metadata.deletionTimestamp, undefined);
});

test('of several taints the one that is borne for the shortest time counts', () => {
  const taint = (key: string) => ({ key, effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' });
  const pod = (...tolerations: object[]) => ({ metadata: { name: 'p' }, spec: { containers: [], tolerations } }) as Pod;
  const bears = (key: string, tolerationSeconds?: number) => ({ key, operator: 'Exists', tolerationSeconds });
  const added = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(evictionTime([taint('a'), taint('b')], pod(bears('a', 60), bears('b', 10))), added + 10_000);
  assert.equal(evictionTime([taint('a')], pod(bears('a'))), Infinity);
  assert.equal(evictionTime([taint('a'), taint('b')], pod(bears('a'))), 0);
});
