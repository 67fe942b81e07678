import type { Product } from '../launch/product.ts';
import { processesOf } from '../launch/survival/processes.ts';
import { readProcesses } from '../cluster/embedded/kubelet/resources/processes.ts';
import { proportionalSetSize } from './proportional-set-size.ts';

/** What the shop has taken of the machine. */
export interface ShopUse {
  /** CPU time since the start in ms, of processes that have ended too. */
  cpuMs: number;
  /** Proportional set size. */
  megabytes: number;
}

/**
 * The cluster with all that runs in it: pods, their databases and brokers, the network between them. Without the load generator, which
 * is the customers, and the lab server. Linux only.
 */
export async function shopUse(product: Product): Promise<ShopUse> {
  const processes = processesOf(product.home, product.process.pid!);
  const leader = (program: string) => {
    const found = processes.find(({ command }) => command.includes(program));
    if (!found) throw new Error(`No process runs ${program}.`);
    return found.pid;
  };
  const { tree, cpuOf } = await readProcesses();
  const customers = new Set(tree(leader('services/loadgen/main.ts')));
  const pids = tree(leader('cluster/embedded/main.ts')).filter((pid) => !customers.has(pid));
  const sum = (of: (pid: number) => number) => pids.reduce((total, pid) => total + of(pid), 0);
  return { cpuMs: sum(cpuOf), megabytes: sum(proportionalSetSize) / 1024 };
}
