import type { Product } from '../launch/product.ts';
import { processesOf } from '../launch/survival/processes.ts';
import type { Figure } from './figure.ts';
import { proportionalSetSize } from './proportional-set-size.ts';

/**
 * Memory of all processes together, as proportional set size: what they share counts once. The sum of their resident sets
 * would count it in each.
 */
export async function measureMemory(product: Product, rate: number, runs: number): Promise<Figure[]> {
  if (process.platform !== 'linux') return [];
  const megabytes: number[] = [];
  let count = 0;
  for (let run = 0; run < runs; run++) {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const processes = processesOf(product.home, product.process.pid!);
    count = processes.length;
    megabytes.push(processes.reduce((sum, { pid }) => sum + proportionalSetSize(pid), 0) / 1024);
  }
  const what = `Memory of all ${count} processes at ${rate} requests a second (PSS)`;
  return [{ what, unit: 'MB', values: megabytes, wanted: '< 700 MB' }];
}
