import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figureTable, writeSection } from './document.ts';
import { measureFaults, measureSwitches } from './effects.ts';
import { row, type Figure } from './figure.ts';
import { measureHop } from './hop.ts';
import { measureIngest } from './ingest.ts';
import { labApi, until } from './lab-api.ts';
import { measureMemory } from './memory.ts';
import { measurePixel } from './pixel.ts';
import { measureRecovery } from './recovery.ts';
import { measureStart } from './start.ts';
import { measureStream } from './stream.ts';

const runs = 5;

/** The product from its start to its end, and its parts alone. */
export async function benchWhole(): Promise<void> {
  const figures: Figure[] = [];
  const add = (measured: Figure[]) => {
    figures.push(...measured);
    for (const figure of measured) process.stdout.write(`${row(figure)}\n`);
  };
  const home = join(mkdtempSync(join(tmpdir(), 'breakwater-bench-')), 'home');
  try {
    add(await measureHop(3));
    add(await measureIngest(3));
    add(await measureStream(3));

    const { figures: starts, product } = await measureStart(home, runs);
    add(starts);
    try {
      const api = labApi(product.url);
      await api.send('PUT', '/api/load', { rate: 50 });
      await until(async () => (await api.get<{ sent: number }>('/api/load')).sent >= 45, 30_000);
      add(await measureMemory(product, 50, runs));
      await api.send('PUT', '/api/load', { rate: 60 });
      add(await measureFaults(api, 2 * runs));
      add(await measureSwitches(api, runs));
      add(await measurePixel(product.url, api, runs));
      add(await measureRecovery(product, 3));
    } finally {
      await product.stop();
    }
    writeSection('bench', figureTable(figures));
  } finally {
    rmSync(join(home, '..'), { recursive: true, force: true, maxRetries: 5 });
  }
}
