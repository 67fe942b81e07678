import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');

/** As somebody new would write it. */
const file = `
import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

export const edgeCrawl: FaultType = {
  id: 'edge-crawl',
  title: 'Crawling network',
  category: 'network',
  summary: 'Everything sent over one edge takes ages.',
  targets: ['edge'],
  parameters: [{ name: 'ages', label: 'Ages', unit: 's', min: 1, max: 10, default: 3 }],
  duration: { default: 30, max: 60 },
  share: 'one',
  counts: ['delayed'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ ages = 0 }): StreamFault => ({ type: 'latency', attributes: { delayMs: ages * 1000, jitterMs: 0 } }),
    },
  ],
};
`;

const use = `
const { FaultWorld } = await import('./cluster/embedded/controllers/faults/testing/fault-world.ts');
const world = await FaultWorld.open();
await world.pods('orders-1', 'orders-2');
await world.api.create('Service', { metadata: { name: 'bank', namespace: 'shop' }, spec: { ports: [{ port: 80 }] } });
const spec = { type: 'edge-crawl', target: { edge: 'orders>bank' }, parameters: { ages: 11 }, duration: undefined };
const refused = await world.create(spec).catch((error) => error.message);
await world.create({ ...spec, parameters: undefined });
await world.reconcile();
const { phase } = (await world.fault()).status;
const [{ what, pods, remainingMs }] = world.acting.values();
console.log(JSON.stringify({ refused, phase, what, pods: pods.length, remainingMs }));
process.exit(0);
`;

test('a type of fault is one file and one line: the API checks by it, and the controller carries it out', (t) => {
  const copy = mkdtempSync(join(tmpdir(), 'breakwater-new-fault-'));
  t.after(() => rmSync(copy, { recursive: true }));
  const wanted = (path: string) => !/\.test\.ts$/.test(path) && basename(path) !== 'node_modules';
  cpSync(join(root, 'cluster'), join(copy, 'cluster'), { recursive: true, filter: wanted });
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

  writeFileSync(join(copy, 'cluster/faults/edge-crawl.ts'), file);
  const index = readFileSync(join(copy, 'cluster/faults/index.ts'), 'utf8');
  const listed = index.replace('= [', '= [edgeCrawl, ');
  writeFileSync(join(copy, 'cluster/faults/index.ts'), `import { edgeCrawl } from './edge-crawl.ts';\n${listed}`);
  writeFileSync(join(copy, 'use.mjs'), use);

  const output = execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'use.mjs'], { cwd: copy });
  const { refused, ...acting } = JSON.parse(String(output)) as Record<string, unknown>;
  assert.match(String(refused), /spec\.parameters\.ages: Invalid value: 11: must be from 1 to 10 s/);
  const what = { type: 'latency', attributes: { delayMs: 3_000, jitterMs: 0 } };
  assert.deepEqual(acting, { phase: 'Active', what, pods: 1, remainingMs: 30_000 });
});
