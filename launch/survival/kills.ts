import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { startProduct, type Product } from '../product.ts';
import { OwnCustomer } from './customer.ts';
import { portsOf, stillOpen } from './ports.ts';
import { allGone, descendantsOf, processesOf, type RunningProcess } from './processes.ts';
import { queryOrders } from './shop-database.ts';

const patienceMs = 60_000;

const sorts = {
  'the cluster': /cluster\/embedded\/main\.ts/,
  'the data plane': /network\/data-plane\/main\.ts/,
  'a container': /cluster\/shop\/services\/\w+\/|bin\/postgres -D /,
};
const kill = fc.record({
  // Containers are many, and there is one of each of the others.
  sort: fc.constantFrom<keyof typeof sorts>('the cluster', 'the data plane', 'a container', 'a container'),
  which: fc.nat(),
  /** After the shop has taken an order again. */
  waitMs: fc.integer({ min: 0, max: 3_000 }),
});

export interface Kill {
  /** What was killed: `the cluster`, `the data plane`, `a container: bank`. */
  what: string;
  /** From SIGKILL to the next order acknowledged; ms. */
  recoveryMs: number;
}

/**
 * Starts the product, kills parts of it at random moments under load, and stops it. Linux only.
 *
 * @returns the kills, and how many orders of ours the shop has acknowledged meanwhile
 * @throws AssertionError when an acknowledged order is lost, or a process or an open port is left; Error when no order is taken any more
 */
export async function killAtRandom(
  kills: number,
  seed: number,
  onKill: (kill: Kill) => void,
): Promise<{ kills: Kill[]; acknowledged: number }> {
  const product = await startProduct();
  const done: Kill[] = [];
  try {
    const customer = await OwnCustomer.come(product.kubeconfig);
    await ordersAgain(customer);
    for (const { sort, which, waitMs } of fc.sample(kill, { numRuns: kills, seed })) {
      const end = performance.now() + waitMs;
      while (performance.now() < end) await customer.order();
      const target = choose(product, sorts[sort], which);
      const below = descendantsOf(target.pid);
      process.kill(target.pid, 'SIGKILL');
      const recoveryMs = await ordersAgain(customer);
      await allGone(below, 1_000);
      done.push({ what: sort === 'a container' ? `${sort}: ${nameOf(target)}` : sort, recoveryMs });
      onKill(done.at(-1)!);
    }
    customer.leave();
    const ids = await retried(() => accepted(product, customer.acknowledged));
    const lost = customer.acknowledged.filter((id) => !ids.has(id));
    assert.deepEqual(lost, [], 'acknowledged orders are lost');

    const processes = processesOf(product.home, product.process.pid!);
    const ports = portsOf(processes.map(({ pid }) => pid));
    assert.ok(ports.length > 10, `only ${ports.length} ports were open`);
    await product.stop();
    await allGone(processes, 1_000);
    assert.deepEqual(processesOf(product.home, product.process.pid!), [], 'processes are left');
    assert.deepEqual(stillOpen(ports), [], 'ports are left open');
    return { kills: done, acknowledged: customer.acknowledged.length };
  } finally {
    await product.stop();
  }
}

function choose({ home, process: { pid } }: Product, command: RegExp, which: number): RunningProcess {
  const all = processesOf(home, pid!);
  const leaders = all.filter((one) => command.test(one.command));
  assert.ok(leaders.length > 0, `no process like ${command}`);
  return leaders[which % leaders.length]!;
}

/** Until the next order is acknowledged that was begun after now; ms. */
async function ordersAgain(customer: OwnCustomer): Promise<number> {
  const since = performance.now();
  while (!(await customer.order())) {
    const ms = performance.now() - since;
    if (ms > patienceMs) throw new Error(`no order within ${patienceMs} ms`);
    await delay(20);
  }
  return performance.now() - since;
}

async function accepted({ kubeconfig }: Product, ids: string[]): Promise<Set<string>> {
  const sql = "SELECT id FROM orders WHERE status = 'accepted' AND id = ANY($1::uuid[])";
  return new Set((await queryOrders<{ id: string }>(kubeconfig, sql, [ids])).map(({ id }) => id));
}

/** The database may be just coming back. */
async function retried<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(200);
    }
  }
}

function nameOf({ command }: RunningProcess): string {
  return /services\/(\w+)\//.exec(command)?.[1] ?? 'postgres';
}
