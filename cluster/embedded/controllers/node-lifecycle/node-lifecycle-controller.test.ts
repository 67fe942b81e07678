import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../apiserver/api.ts';
import type { Node } from '../../kinds/types.ts';
import { reconcileNode } from './node-lifecycle-controller.ts';
import { isReady } from '../../reconcile/pod-state.ts';
import { podOnNode, revision, testContext } from '../../testing/controller-fixture.ts';

const readiness = (node: Node) => node.status!.conditions!.find(({ type }) => type === 'Ready')!.status;
const theNode = (api: Api) => api.get('Node', 'node-1');
const thePod = (api: Api) => api.get('Pod', 'web', 'shop');

test('a node whose kubelet renews its Lease stays as it is, and is looked at again when that runs out', async () => {
  const api = await podOnNode();
  const before = await revision(api);
  const again = await reconcileNode(testContext(api), '/node-1');
  assert.ok(again! > 49_000 && again! <= 50_000, `again in ${again} ms`);
  assert.equal(await revision(api), before);
});

test('a node whose kubelet has fallen silent is Unknown, and its pods are not ready', async () => {
  const api = await podOnNode();
  const context = testContext(api);
  context.pass(51);
  await reconcileNode(context, '/node-1');
  assert.equal(readiness(await theNode(api)), 'Unknown');
  assert.equal(isReady(await thePod(api)), false);
  const { taints } = (await theNode(api)).spec!;
  assert.deepEqual(
    taints!.map(({ key, effect }) => `${key}:${effect}`),
    ['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute'],
  );
  const before = await revision(api);
  context.pass(1);
  await reconcileNode(context, '/node-1');
  assert.equal(await revision(api), before, 'said once');
});
