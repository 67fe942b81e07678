import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { drawAhead } from './draw-ahead.ts';
import { CARD, covers } from './graph.ts';
import { shopShape } from './shop.ts';

const root = join(import.meta.dirname, '..', '..', 'cluster', 'shop');
interface KubernetesObject {
  kind: string;
  metadata: { name: string };
}

const shop = shopShape();
const names = shop.services.map(({ name }) => name);

test('every workload of the shop has a place', () => {
  const objects = globSync(join(root, 'manifests', 'base', '*', '*.yaml')).flatMap((file) => {
    return parseAllDocuments(readFileSync(file, 'utf8')).map((each) => each.toJS() as KubernetesObject);
  });
  const workloads = objects.filter((object) => object.kind === 'Deployment').map(({ metadata }) => metadata.name);
  assert.deepEqual(workloads.toSorted(), names.toSorted());
});

/** All that a service's own files say. */
const codeOf = (service: string) =>
  globSync(join(root, 'services', service, '*.ts'))
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

test('every address that a service which is always there reads is a call with a place', () => {
  const read = names.flatMap((service) => {
    const addresses = codeOf(service).matchAll(/url\('([A-Z]+)_URL'\)/g);
    return [...addresses].map(([, name]) => `${service}>${name!.toLowerCase()}`);
  });
  assert.ok(read.length > 0);
  const foreseen = new Set(shop.edges.map(({ id }) => id));
  assert.deepEqual(
    read.filter((id) => !id.endsWith('>database') && !foreseen.has(id)),
    [],
  );
});

test('whom the manifest of a service says it calls, its code names', () => {
  for (const { source, destination, protocol } of shop.edges) {
    const code = codeOf(source);
    const named =
      protocol === 'sql' ? /openDatabase\(/ : new RegExp(`'(${destination}|${destination.toUpperCase()}_URL)'`);
    assert.match(code, named, `${source}>${destination}`);
  }
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
