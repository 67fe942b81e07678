// `npm run bench:cluster`: measures the embedded cluster alone, prints, and writes its part of docs/bench.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figureTable, writeSection } from '../document.ts';
import { row, type Figure } from '../figure.ts';
import { measureHop } from '../hop.ts';
import { measureApplies } from './applies.ts';
import { measureMemory } from './memory.ts';
import { measurePods } from './pods.ts';
import { startCluster } from './running-cluster.ts';
import { measureStart } from './start.ts';
import { measureWatchers } from './watchers.ts';

const runs = 5;
const figures: Figure[] = [];
const add = (measured: Figure[]) => {
  figures.push(...measured);
  for (const figure of measured) process.stdout.write(`${row(figure)}\n`);
};

const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-'));
try {
  const home = join(folder, 'home');
  add(await measureStart(home, runs));
  const cluster = await startCluster(home);
  try {
    add(await measurePods(cluster, runs * 2));
    add(await measureWatchers(cluster, runs));
    add(await measureApplies(cluster, runs));
  } finally {
    await cluster.stop();
  }
  // A process that has done nothing else yet.
  const fresh = await startCluster(home);
  try {
    add(await measureMemory(fresh));
  } finally {
    await fresh.stop();
  }
  add(await measureHop(runs));
  writeSection('bench:cluster', figureTable(figures));
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
