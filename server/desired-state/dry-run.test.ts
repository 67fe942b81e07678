import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Manifest } from '../../cluster/client/apply.ts';
import { Cluster } from '../../cluster/client/cluster.ts';
import { Requests } from '../../cluster/client/requests.ts';
import { startApiServer, type ApiServer } from '../../cluster/embedded/apiserver/start.ts';
import { emptyNode } from '../../cluster/embedded/apiserver/testing/test-server.ts';
import { render } from '../../cluster/kustomize/render.ts';
import { DesiredState } from './desired-state.ts';
import { dryRun } from './dry-run.ts';
import { makeFaultCommit, takeBack } from './fault-commits.ts';
import { Reconciler } from './reconciler.ts';

const shipped = join(import.meta.dirname, '../../cluster/shop/manifests');
const payments = 'base/shop/payments.yaml';

let home: string;
let server: ApiServer;
let cluster: Cluster;
let desired: DesiredState;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'dry-run-'));
  server = await startApiServer({ home, nodeProxy: emptyNode });
  cluster = await Cluster.connect([server.kubeconfig], 'shop');
  desired = new DesiredState({
    ...{ dir: join(home, 'desired-state'), shipped, overlay: 'embedded', render },
    dryRun: (change) => dryRun(cluster, change),
  });
  await desired.open();
});
afterEach(async () => {
  cluster.close();
  await server.close();
  rmSync(home, { recursive: true });
});

/** The shop as it is shipped. */
async function applyShop(): Promise<void> {
  const reconciler = new Reconciler(cluster, Date.now, () => undefined);
  await reconciler.apply(desired.rendered.manifests);
  reconciler.close();
}
const config = (name: string, namespace: string, data: object = { tea: '1' }): Manifest =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }) as Manifest;
const edited = (path: string, change: (text: string) => string) =>
  desired.commit(
    async (repository, files) =>
      repository.edited(files, new Map([[path, change((await repository.read(path, files)) ?? '')]])),
    () => `Edit ${path}`,
  );
const head = () => desired.look((_repository, files) => Promise.resolve(JSON.stringify([...files])));
const paymentsNow = () => cluster.get<Manifest>('apps/v1', 'Deployment', 'payments', 'shop');

test('a commit that the API server would refuse is none: it is told which file, object and field', async () => {
  await applyShop();
  const before = [await head(), desired.rendered.yaml, await paymentsNow()];
  const refused = edited(payments, (text) => text.replaceAll('app: payments', 'app: paying'));
  await assert.rejects(refused, {
    ...{ code: 'dry-run-refused', status: 422, action: /another name/ },
    message: /refuse the change: base\/shop\/payments\.yaml: Deployment\/payments: .*spec\.selector: .* immutable\.$/,
  });
  await assert.rejects(
    edited(payments, (text) => text.replace('containers:', 'sidecar: no\n      containers:')),
    { code: 'dry-run-refused', message: /Deployment\/payments: .*sidecar/ },
  );
  assert.deepEqual([await head(), desired.rendered.yaml, await paymentsNow()], before);
  assert.deepEqual(desired.history.length, 1);
});

test('a switch that the API server would refuse is not made, and a whole state neither', async () => {
  await applyShop();
  const live = (await paymentsNow())!;
  await cluster.delete('apps/v1', 'Deployment', 'payments', { namespace: 'shop' });
  const theirs = JSON.parse(JSON.stringify(live).replaceAll('"app":"payments"', '"app":"paying"')) as Manifest;
  const { name, namespace } = live.metadata;
  await cluster.create({ ...theirs, metadata: { name, namespace: namespace! } });
  const before = await head();
  const refusal = { code: 'dry-run-refused', message: /kustomization\.yaml: Deployment\/payments: .*immutable/ };
  await assert.rejects(desired.select('timeout', '500ms'), refusal);
  await assert.rejects(desired.selectAll({ timeout: '500ms', retries: 'naive' }, 'Start'), refusal);
  assert.deepEqual([await head(), desired.selections['timeout']], [before, 'none']);
});

test('what stays as it is is not sent, and what is sent changes nothing', async (t) => {
  await applyShop();
  const live = await paymentsNow();
  const apply = t.mock.method(cluster, 'apply');
  const change = await desired.select('timeout', '500ms');
  assert.equal(change.untried, undefined);
  const sent = apply.mock.calls.map(({ arguments: [object, options] }) => [object.metadata.name, options.dryRun]);
  assert.deepEqual(sent, [['payments', true]]);
  assert.deepEqual(await paymentsNow(), live);
  apply.mock.resetCalls();
  await edited(payments, (text) => `# a remark\n${text}`);
  assert.equal(apply.mock.callCount(), 0);
});

test('the commit that a fault is, a wrong number that the API server takes, is made and taken back', async (t) => {
  await applyShop();
  const before = desired.rendered.yaml;
  const apply = t.mock.method(cluster, 'apply');
  const { commit, edit } = await makeFaultCommit(desired, 'uid-1', { service: 'orders', percent: 25, seed: 'uid-1' });
  assert.match(edit.field, /MAX_CONCURRENT/);
  assert.notEqual(desired.rendered.yaml, before);
  assert.ok(await takeBack(desired, commit));
  assert.equal(desired.rendered.yaml, before);
  const sent = apply.mock.calls.map(({ arguments: [object, options] }) => [object.metadata.name, options.dryRun]);
  assert.deepEqual(sent, Array(2).fill(['orders', true]));
});

test('what was refused before holds up no other commit', async () => {
  await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const broken = config('broken', 'shop', { tea: 1 });
  const { refused } = await dryRun(cluster, { before: [], after: [broken] });
  assert.deepEqual(
    refused.map(({ object }) => object),
    ['ConfigMap/broken'],
  );
  assert.match(refused[0]!.reason, /tea/);
  const after = [structuredClone(broken), config('other', 'shop')];
  assert.deepEqual(await dryRun(cluster, { before: [broken], after }), { refused: [], untried: [] });
});

test('objects of a namespace or kind that comes with the commit cannot be tried out, those of one that does not are refused', async () => {
  const annex = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'annex' } };
  const found = await dryRun(cluster, { before: [], after: [annex, config('prices', 'annex')] });
  assert.deepEqual(found, { refused: [], untried: ['ConfigMap/prices: its namespace annex does not exist yet.'] });
  const lost = await dryRun(cluster, { before: [], after: [config('prices', 'anex')] });
  assert.match(lost.refused[0]?.reason ?? '', /namespaces "anex" not found/);

  const oven = { apiVersion: 'kitchen.example/v1', kind: 'Oven', metadata: { name: 'oven', namespace: 'shop' } };
  const names = { kind: 'Oven', plural: 'ovens', singular: 'oven' };
  const crd = {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    ...{ metadata: { name: 'ovens.kitchen.example' }, spec: { group: 'kitchen.example', names } },
  };
  const { untried } = await dryRun(cluster, { before: [], after: [crd, oven] });
  assert.ok(untried.includes('Oven/oven: its kind comes with this commit.'), untried.join());
  assert.match((await dryRun(cluster, { before: [], after: [oven] })).refused[0]?.reason ?? '', /install its CRD/);
});

test('a cluster that is away makes no commit impossible: the answer says what was not tried out', async () => {
  await server.close();
  const change = await desired.select('timeout', '500ms');
  assert.match(change.untried ?? '', /not tried out .* cluster at https:\S+ does not answer/);
  assert.equal(desired.selections['timeout'], '500ms');
  assert.equal(desired.changes[0]?.untried, undefined, 'of the answer alone');
  const reverted = await desired.revert(change.commit);
  assert.match(reverted.untried ?? '', /not tried out/);
  server = await startApiServer({ home, nodeProxy: emptyNode });
});

test('a cluster that does not answer is not waited for', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const hung = new Cluster(new Requests({ server: url, context: 'silent', options: async () => ({}) }), 'shop');
  const after = Array.from({ length: 30 }, (_, n) => config(`prices-${n}`, 'shop'));
  const found = await dryRun(hung, { before: [], after }, 50);
  assert.deepEqual(found, { refused: [], untried: ['The cluster took longer than 0.05 s to answer.'] });
  hung.close();
  await new Promise((resolve) => silent.close(resolve));
});
