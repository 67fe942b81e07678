import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { drawAhead } from './draw-ahead.ts';
import { CARD, covers } from './graph.ts';
import { shop } from './shop.ts';

const root = join(import.meta.dirname, '..', '..', 'cluster', 'shop');
interface KubernetesObject {
  kind: string;
  metadata: { name: string };
}

const names = shop.services.map(({ name }) => name);

test('every workload of the shop has a place', () => {
  const objects = globSync(join(root, 'manifests', 'base', '*', '*.yaml')).flatMap((file) => {
    return parseAllDocuments(readFileSync(file, 'utf8')).map((each) => each.toJS() as KubernetesObject);
  });
  const workloads = objects.filter((object) => object.kind === 'Deployment').map(({ metadata }) => metadata.name);
  assert.deepEqual(workloads.toSorted(), names.toSorted());
});

test('every address that a service of the shop reads is a call with a place', () => {
  const expected = globSync(join(root, 'services', '*', 'main.ts')).flatMap((file) => {
    const addresses = readFileSync(file, 'utf8').matchAll(/url\('([A-Z]+)_URL'\)/g);
    return [...addresses].map(([, name]) => name!.toLowerCase()).map((to) => `${basename(dirname(file))}>${to}`);
  });
  const http = shop.edges.filter(({ protocol }) => protocol === 'http').map(({ id }) => id);
  assert.deepEqual(expected.filter((id) => !id.endsWith('>database')).toSorted(), http.toSorted());
});

test('the drawing made ahead has a place for all of the shop, and no two cards overlap', async () => {
  const placement = await drawAhead();
  assert.ok(covers(placement, shop));
  assert.ok(!covers(placement, { services: [...shop.services, { name: 'reviews' }], edges: [] }));
  for (const a of placement.services)
    for (const b of placement.services)
      assert.ok(
        a === b || Math.abs(a.x - b.x) >= CARD.width || Math.abs(a.y - b.y) >= CARD.height,
        `${a.name} ${b.name}`,
      );
});
