import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Manifest } from '../../cluster/client/apply.ts';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { withGenerated } from './generated-secrets.ts';

type Secret = Manifest & { data?: Record<string, string> };

function clusterWith(live: Secret | null): Pick<Cluster, 'get'> {
  return { get: async () => live as never };
}
const wanted: Secret = {
  ...{ apiVersion: 'v1', kind: 'Secret' },
  metadata: { name: 'database-roles', annotations: { 'breakwater.dev/generate': 'orders, ledger' } },
};
const text = (value: string | undefined) => Buffer.from(value ?? '', 'base64').toString();

test('values that are asked for are made, each another, and fit a URL as they are', async () => {
  const [made] = (await withGenerated(clusterWith(null), [wanted])) as Secret[];
  const values = [text(made?.data?.['orders']), text(made?.data?.['ledger'])];
  for (const value of values) assert.match(value, /^[\w-]{32}$/);
  assert.notEqual(values[0], values[1]);
});

test('a value that the cluster has stays, and only what is missing is made', async () => {
  const live = { ...wanted, data: { orders: 'a2VwdA==' } };
  const [made] = (await withGenerated(clusterWith(live), [wanted])) as Secret[];
  assert.equal(text(made?.data?.['orders']), 'kept');
  assert.match(text(made?.data?.['ledger']), /^[\w-]{32}$/);
});

test('what asks for nothing stays as it is', async () => {
  const plain = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'customers' } };
  assert.deepEqual(await withGenerated(clusterWith(null), [plain]), [plain]);
});
