import { setTimeout as delay } from 'node:timers/promises';
import type { Product } from '../launch/product.ts';
import { acceptedOrders } from '../launch/survival/accepted-orders.ts';
import { processesOf } from '../launch/survival/processes.ts';
import type { Figure } from './figure.ts';

/** The database is killed so often in a row: only the first start after it comes without a wait. */
const databaseDeaths = 2;
/** A question to a database that is just dying gets no answer: another one is asked soon. */
const patienceMs = 300;

/** From SIGKILL of the cluster, and of its database, to the next order accepted, as the database itself has it. Linux only. */
export async function measureRecovery(product: Product, runs: number): Promise<Figure[]> {
  if (process.platform !== 'linux') return [];
  const cluster: number[] = [];
  const database: number[][] = Array.from({ length: databaseDeaths }, () => []);
  for (let run = 0; run < runs; run++) {
    cluster.push(await recovery(product, /cluster\/embedded\/main\.ts/));
    for (const values of database) values.push(await recovery(product, /postgres -D /));
  }
  const wanted = '< 8 000 ms';
  return [
    { what: 'SIGKILL of the cluster to the next order accepted', unit: 'ms', values: cluster, wanted },
    ...database.map((values, index) => {
      const nth = index === 0 ? '' : ', again at once';
      return { what: `SIGKILL of the database server to the next order accepted${nth}`, unit: 'ms', values, wanted };
    }),
  ];
}

async function recovery(product: Product, command: RegExp): Promise<number> {
  const found = processesOf(product.home, product.process.pid!).find((one) => command.test(one.command));
  if (!found) throw new Error(`no process like ${command}`);
  const since = performance.now();
  process.kill(found.pid, 'SIGKILL');
  let before: number | null = null;
  for (;;) {
    const accepted = await acceptedOrders(product.kubeconfig, patienceMs).catch(() => null); // not back yet
    if (before !== null && accepted !== null && accepted > before) return performance.now() - since;
    before ??= accepted;
    if (performance.now() - since > 60_000) throw new Error(`no order within a minute of the death of ${command}`);
    await delay(20);
  }
}
