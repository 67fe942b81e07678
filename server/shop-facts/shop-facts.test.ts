import assert from 'node:assert/strict';
import { join } from 'node:path';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Deployment, Pod } from '../../cluster/client/objects.ts';
import { keeperOf, namedPort, podsInRole, shopFacts } from './shop-facts.ts';

const shop = join(import.meta.dirname, '../../cluster/shop');
const manifestsIn = (pattern: string) =>
  globSync(join(shop, 'manifests', pattern)).flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8')).map((each) => each.toJS() as Deployment),
  );
const deployments = manifestsIn('base/*/*.yaml').filter(({ kind }) => kind === 'Deployment');
/** Those that patterns bring; what only changes another has no selector. */
const brought = manifestsIn('patterns/**/*.yaml').filter(({ kind, spec }) => kind === 'Deployment' && spec?.selector);

function clusterOf(list: Deployment[], pods: Pod[] = []): Cluster {
  return { view: { deployments: { list: () => list }, pods: { list: () => pods } } } as unknown as Cluster;
}

const running = (app: string, ports: { name: string; containerPort: number }[] = []) =>
  ({
    metadata: { name: `${app}-1`, labels: { app } },
    spec: { containers: [{ name: 'service', ports }] },
    status: { phase: 'Running' },
  }) as Pod;

test('every service of the shop has a manifest that says what it is', () => {
  const services = readdirSync(join(shop, 'services'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const all = [...deployments, ...brought];
  const undescribed = all.filter(({ metadata }) => !metadata.labels?.['breakwater.dev/role']);
  assert.deepEqual(
    undescribed.map(({ metadata }) => metadata.name),
    [],
  );
  // Some run in pods of others, or in one of each node.
  const text = globSync(join(shop, 'manifests/**/*.yaml')).map((file) => readFileSync(file, 'utf8'));
  assert.deepEqual(
    services.filter(({ name }) => !text.some((manifest) => manifest.includes(`breakwater/${name}:`))),
    [],
  );
});

test('the manifests of the shop answer all that the lab asks of them', () => {
  const cluster = clusterOf(deployments);
  const facts = shopFacts(cluster);
  assert.ok(facts.some(({ entry }) => entry));
  for (const role of ['load', 'service', 'database', 'third-party'])
    assert.ok(facts.some((each) => each.role === role));
  for (const book of ['orders', 'charges', 'stock'] as const) assert.ok(keeperOf(cluster, book));
  const podOf = ({ metadata, spec }: Deployment) => ({ metadata, spec: spec!.template.spec }) as Pod;
  for (const deployment of deployments) {
    const { role, books } = shopFacts(clusterOf([deployment]))[0]!;
    const keepsCharges = books.some(({ book }) => book === 'charges');
    const port = role === 'database' ? 'sql' : role === 'load' || keepsCharges ? 'admin' : null;
    if (port) assert.ok(namedPort(podOf(deployment), port) > 0, `${deployment.metadata.name} names its port ${port}`);
  }
});

test('what plays a role and keeps a book is found by its manifest, whatever it is called', () => {
  const mill = {
    metadata: {
      name: 'mill',
      labels: { 'breakwater.dev/role': 'load' },
      annotations: { 'breakwater.dev/book': 'orders' },
    },
    spec: { template: { metadata: { labels: { app: 'mill-app' } } } },
  } as unknown as Deployment;
  const plain = { metadata: { name: 'loadgen' } } as Deployment;
  const cluster = clusterOf([mill, plain], [running('mill-app'), running('loadgen')]);
  assert.deepEqual(
    podsInRole(cluster, 'load').map(({ metadata }) => metadata.name),
    ['mill-app-1'],
  );
  assert.deepEqual(keeperOf(cluster, 'orders'), { service: 'mill-app', database: 'mill-app' });
  assert.deepEqual(shopFacts(cluster)[1], { service: 'loadgen', role: 'service', entry: false, books: [] });
});

test('one may keep several books, each in a database that it names', () => {
  const annotations = { 'breakwater.dev/book': 'orders=orders, stock = goods,mails' };
  const cluster = clusterOf([{ metadata: { name: 'mill', annotations } } as unknown as Deployment]);
  const keepers = (['orders', 'stock', 'mails'] as const).map((book) => keeperOf(cluster, book));
  assert.deepEqual(
    keepers,
    ['orders', 'goods', 'mill'].map((database) => ({ service: 'mill', database })),
  );
});

test('a book that nobody keeps, and a port that nobody names, are told by name', () => {
  assert.throws(() => keeperOf(clusterOf([]), 'stock'), /annotated breakwater.dev\/book=stock/);
  assert.throws(() => namedPort(running('bank', [{ name: 'http', containerPort: 80 }]), 'admin'), /bank-1.*"admin"/);
});
