import { get } from 'node:http';
import { findPort } from '../launch/machine.ts';
import { startProduct, type Product } from '../launch/product.ts';
import type { Figure } from './figure.ts';

/**
 * From the command to the first page and to the first order accepted, on a state folder that has been used before. Leaves
 * the last product running, for the benchmarks after this one.
 */
export async function measureStart(home: string, runs: number): Promise<{ figures: Figure[]; product: Product }> {
  const command = ['npm', 'start']; // What a user types, npm's own half a second included.
  await (await startProduct({ home, command })).stop(); // Makes it warm.
  const page: number[] = [];
  const order: number[] = [];
  const stop: number[] = [];
  for (let run = 1; ; run++) {
    const port = await findPort('127.0.0.1', 0);
    const url = `http://127.0.0.1:${port}`;
    const since = performance.now();
    const starting = startProduct({ home, command, env: { PORT: String(port) } });
    page.push(await answers(`${url}/`, since));
    order.push(await answers(`${url}/healthz`, since));
    const product = await starting;
    if (run === runs) {
      const figures: Figure[] = [
        { what: 'Command to first page, warm', unit: 'ms', values: page, wanted: '< 1 500 ms' },
        { what: 'Command to first order accepted, warm', unit: 'ms', values: order, wanted: '< 4 000 ms' },
        { what: 'Ctrl-C to everything gone', unit: 'ms', values: stop, wanted: '< 3 000 ms' },
      ];
      return { figures, product };
    }
    const asked = performance.now();
    await product.stop();
    stop.push(performance.now() - asked);
  }
}

/** Waits for a 200; ms since the start. */
async function answers(url: string, since: number): Promise<number> {
  while ((await status(url)) !== 200) {
    if (performance.now() - since > 90_000) throw new Error(`${url} does not answer with 200`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - since;
}

function status(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', () => resolve(undefined));
  });
}
