import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Manifest } from '../../cluster/client/apply.ts';
import { Cluster } from '../../cluster/client/cluster.ts';
import { ClusterError } from '../../cluster/client/errors.ts';
import { SmallApiServer } from '../../cluster/client/testing/small-api-server.ts';
import { Marks } from '../marks.ts';
import { DesiredState } from './desired-state.ts';
import { Switches } from './switches.ts';

const deployment = '/apis/apps/v1/namespaces/shop/deployments/payments';
const configMaps = '/api/v1/namespaces/shop/configmaps';

let home: string;
let server: SmallApiServer;
let cluster: Cluster;
let switches: Switches;
let problems: unknown[];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'switches-'));
  const overlay = join(home, 'shipped/overlays/embedded');
  mkdirSync(overlay, { recursive: true });
  writeFileSync(join(overlay, 'kustomization.yaml'), 'components: []\n');
  server = await new SmallApiServer().start();
  cluster = new Cluster(server.client(), 'shop');
  problems = [];
  const desired = new DesiredState({
    ...{ dir: join(home, 'desired-state'), shipped: join(home, 'shipped'), overlay: 'embedded', render },
  });
  await desired.open();
  switches = new Switches({
    cluster,
    desired,
    marks: new Marks(),
    onProblem: (error) => problems.push(error),
    followMs: 20,
  });
  cluster.start();
});
afterEach(async () => {
  switches.close();
  cluster.close();
  await server.stop();
  rmSync(home, { recursive: true });
});

/** Says in the state itself that changes are pushed, and not healed. */
let pushed = false;

/** A Deployment whose template names a ConfigMap, whose name comes from what it says. */
async function render(dir: string): Promise<Manifest[]> {
  const slow = readFileSync(join(dir, 'kustomization.yaml'), 'utf8').includes('500ms') ? 'fast' : 'slow';
  const selector = { matchLabels: { app: 'payments' } };
  const labels = { 'breakwater.dev/delivery': 'true' };
  const metadata = { name: 'delivery', namespace: 'shop', labels };
  const push = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { selfHeal: 'false' } } as Manifest;
  return [
    ...(pushed ? [push] : []),
    {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `bank-${slow}`, namespace: 'shop' } },
      data: { bank: slow },
    } as Manifest,
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'payments', namespace: 'shop' } },
      ...{ spec: { replicas: 1, selector, template: { spec: { configMap: `bank-${slow}` } } } },
    } as Manifest,
  ];
}

/** By hand, with git. */
function commit(text: string): void {
  const repository = join(home, 'desired-state');
  writeFileSync(join(repository, 'overlays/embedded/kustomization.yaml'), text);
  const author = ['-c', 'user.name=ada', '-c', 'user.email=ada@localhost'];
  execFileSync('git', ['-C', repository, ...author, 'commit', '-qam', 'By hand']);
}

/** What a Deployment controller does. */
function rollOut(): void {
  const live = server.objects.get(deployment)!;
  const { generation } = live.metadata;
  const counts = { replicas: 1, updatedReplicas: 1, availableReplicas: 1, readyReplicas: 1 };
  server.setStatus(deployment, { observedGeneration: generation, ...counts });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}
const timeout = () => switches.list().find(({ id }) => id === 'timeout')!;
const names = () =>
  [...server.objects.keys()]
    .filter((path) => path.startsWith(configMaps))
    .map((path) => path.split('/').at(-1)!)
    .filter((name) => name !== 'breakwater-inventory');

test('a switch is applied, rolls until the last pod runs it, and says how long that took', async () => {
  await switches.reconcile();
  rollOut();
  const change = await switches.select('timeout', '500ms');
  assert.match(change.diff, /^\+ +configMap: bank-fast$/m);
  assert.equal(change.pending, undefined);
  assert.deepEqual([timeout().selected, timeout().rolling, timeout().lastSwitchMs], ['500ms', true, null]);
  await until(() => cluster.view.deployments.get('payments')?.metadata.generation === 2);
  assert.equal(timeout().rolling, true);
  rollOut();
  await until(() => !timeout().rolling);
  assert.ok((timeout().lastSwitchMs ?? -1) >= 0);
});

test('an option whose image no node has is listed with the reason, and not switched to', async () => {
  await switches.reconcile();
  const nginx = () =>
    switches
      .list()
      .find(({ id }) => id === 'gateway')!
      .options.find(({ id }) => id === 'nginx')!;
  const metadata = { name: 'node-1', annotations: { 'breakwater.dev/images': 'postgres,breakwater/gateway' } };
  server.put({ apiVersion: 'v1', kind: 'Node', metadata } as Manifest);
  await until(() => nginx().unavailable !== undefined);
  assert.match(nginx().unavailable!, /pulls no images, and has none of nginx/);
  await assert.rejects(switches.select('gateway', 'nginx'), { code: 'option-unavailable' });
  await assert.rejects(switches.selectAll({ gateway: 'nginx' }, 'a lab'), { code: 'option-unavailable' });
  assert.equal(switches.list().find(({ id }) => id === 'gateway')!.selected, 'one');
});

test('objects of the option before are pruned when no pod needs them any more, not earlier', async () => {
  await switches.reconcile();
  rollOut();
  await switches.select('timeout', '500ms');
  assert.deepEqual(names().sort(), ['bank-fast', 'bank-slow']);
  rollOut();
  await until(() => names().join() === 'bank-fast');
});

test('a commit that somebody makes with git is applied, and one that cannot be read is told of until the next', async () => {
  await switches.reconcile();
  commit('components: [../../patterns/timeout/500ms]\n');
  await until(() => names().includes('bank-fast'));
  assert.equal(timeout().selected, '500ms');
  commit('components: [unclosed\n');
  await until(() => switches.problem() !== null);
  assert.equal(timeout().selected, '500ms');
  commit('components: []\n');
  await until(() => timeout().selected === 'none');
  assert.equal(switches.problem(), null);
});

test('what somebody changes is changed back at once and told, and so is what they delete', async () => {
  await switches.reconcile();
  rollOut();
  const map = `${configMaps}/bank-slow`;
  await until(() => server.watches >= 6);
  const bank = () => (server.objects.get(map) as { data?: { bank: string } } | undefined)?.data?.bank;
  server.put({ ...server.objects.get(map)!, data: { bank: 'gone' } } as never);
  await until(() => switches.drifts().length === 1);
  assert.deepEqual([switches.drifts()[0]?.fields, bank()], [['data.bank'], 'slow']);
  server.remove(map);
  await until(() => switches.drifts().length === 2);
  assert.ok(server.objects.has(map));
});

test('where changes are pushed, what somebody changes stays, and is told to be out of sync until the next commit', async (t) => {
  pushed = true;
  t.after(() => (pushed = false));
  commit('components: [] # pushed\n');
  await until(() => server.objects.has(`${configMaps}/delivery`) && server.objects.has(deployment));
  rollOut();
  const map = `${configMaps}/bank-slow`;
  const found = () => switches.sync().objects.find(({ object }) => object === 'ConfigMap/bank-slow');
  const syncOf = () => found()?.sync;
  await until(() => syncOf() === 'synced' && server.watches >= 6);
  server.put({ ...server.objects.get(map)!, data: { bank: 'gone' } } as never);
  await until(() => syncOf() === 'out of sync');
  await new Promise((resolve) => setTimeout(resolve, 50)); // it would be changed back within a turn or two
  assert.deepEqual(found(), {
    ...{ object: 'ConfigMap/bank-slow', namespace: 'shop', sync: 'out of sync' },
    drift: [{ field: 'data.bank', desired: 'slow', live: 'gone' }],
    health: { state: 'done', reason: '' },
  });
  assert.deepEqual(switches.drifts(), []);
  const { revision, applied, selfHeals } = switches.sync();
  assert.deepEqual([revision?.title, applied, selfHeals], ['By hand', true, false]);
  server.remove(map);
  await until(() => syncOf() === 'missing');
});

test('what is deleted is found also where the watch told of it before the answer to its being applied came', async (t) => {
  await switches.reconcile();
  rollOut();
  await until(() => server.watches >= 6);
  const applyAll = cluster.applyAll.bind(cluster);
  t.mock.method(cluster, 'applyAll', async (manifests: Manifest[]) => {
    const applied = await applyAll(manifests);
    for (let turn = 0; turn < 200; turn += 1) await setImmediate();
    return applied;
  });
  await switches.select('timeout', '500ms');
  server.remove(`${configMaps}/bank-fast`);
  await until(() => switches.drifts().length === 1);
});

test('reconciling what is as it should be writes nothing', async () => {
  await switches.reconcile();
  const before = server.requests.length;
  await switches.reconcile();
  assert.deepEqual(
    server.requests.slice(before).filter((line) => !/^GET|\(dry run\)$/.test(line)),
    [],
  );
});

test('a switch made while the cluster is away is kept, says why it waits, and is applied when it is back', async () => {
  await switches.reconcile();
  const { port } = server;
  await server.stop();
  const change = await switches.select('timeout', '500ms');
  assert.match(change.pending ?? '', /does not answer/);
  assert.equal('pending' in switches.changes()[0]!, false);
  assert.equal(timeout().selected, '500ms');
  const objects = server.objects;
  server = await new SmallApiServer(objects).start(port);
  await until(() => names().includes('bank-fast'));
  assert.ok(problems.length > 0);
});

test('what the cluster refuses is told of for as long as it does, with its reason', async (t) => {
  const refuse = t.mock.method(cluster, 'applyAll', async () => {
    throw new ClusterError('refused', 'Deployment payments: spec.replicas: must be 0 or more', { status: 422 });
  });
  await assert.rejects(switches.reconcile(), { code: 'refused' });
  assert.match(
    switches.problem() ?? '',
    /spec\.replicas: must be 0 or more\. The latest commit is [0-9a-f]{7} “.+” by .+: revert it under History/,
  );
  refuse.mock.restore();
  await switches.reconcile();
  assert.equal(switches.problem(), null);
});

test('what is chosen is said to do nothing without what its pattern needs, or it alone', async () => {
  const idle = (pattern: string) => switches.list().find(({ id }) => id === pattern)!.idleWithout;
  await switches.selectAll({ architecture: 'monolith', gateway: 'none' }, 'one process');
  assert.deepEqual(idle('gateway'), ['Architecture: microservices']);
  assert.deepEqual(idle('canary'), ['Architecture: microservices']);
  await switches.select('gateway', 'two');
  assert.deepEqual(idle('gateway'), []);
});
