import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyCluster, revision, testContext } from '../../testing/controller-fixture.ts';
import { publishRootCa } from '../root-ca-cert-publisher/root-ca-cert-publisher.ts';
import { giveDefaultAccount } from './service-account-controller.ts';

test('a namespace is given its account and the certificate, and then nothing more', async () => {
  const api = await emptyCluster();
  const reconcile = async (certificate: string) => {
    await giveDefaultAccount(testContext(api), '/shop');
    await publishRootCa(api, '/shop', certificate);
  };
  await reconcile('one');
  assert.ok(await api.get('ServiceAccount', 'default', 'shop'));
  const before = await revision(api);
  await reconcile('one');
  assert.equal(await revision(api), before);
  await reconcile('two');
  assert.deepEqual((await api.get('ConfigMap', 'kube-root-ca.crt', 'shop')).data, { 'ca.crt': 'two' });
});

test('a namespace that is going is given nothing', async () => {
  const api = await emptyCluster();
  await api.create('ConfigMap', { metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/held'] } });
  await api.delete('Namespace', 'shop');
  const before = await revision(api);
  await giveDefaultAccount(testContext(api), '/shop');
  await publishRootCa(api, '/shop', 'one');
  assert.equal(await revision(api), before);
});
