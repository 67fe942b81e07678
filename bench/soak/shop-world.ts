import { readdirSync } from 'node:fs';
import type { Frame } from '../../server/contract/frame.ts';
import type { Product } from '../../launch/product.ts';
import { portsOf } from '../../launch/survival/ports.ts';
import { processesOf } from '../../launch/survival/processes.ts';
import type { LabApi } from '../lab-api.ts';
import { proportionalSetSize } from '../proportional-set-size.ts';

/** What has to be as before when all faults are over. */
export interface ShopWorld {
  /** `payments 1`: services with their ready pods, as the page shows them. */
  services: string[];
  /** `node-1 ready`. */
  nodes: string[];
  /** What is out of order, in words: faults that act, drift, what keeps the desired state from being in force. */
  trouble: string[];
  processes: number;
  /** Ports that somebody listens on. */
  ports: number;
  /** Open files and sockets of all processes. */
  files: number;
  /** Proportional set size of all processes. */
  megabytes: number;
}

/** Looks at the whole product: what it says of itself, and what the machine says of its processes. Linux only. */
export async function lookAt(product: Product, api: LabApi): Promise<ShopWorld> {
  const { topology, cluster, faults, faultsBlocked, desiredProblem } = await api.get<Frame>('/api/state');
  const pids = processesOf(product.home, product.process.pid!).map(({ pid }) => pid);
  const trouble = [
    ...faults.filter(({ state }) => state === 'active').map(({ title, target }) => `${title} of ${target} still acts`),
    ...(faultsBlocked ? ['new faults are blocked'] : []),
    ...[desiredProblem, cluster.problem, topology.problem].filter((problem) => problem !== null),
  ];
  return {
    services: topology.services
      .map(({ name, pods }) => `${name} ${pods.filter(({ state }) => state === 'ready').length}/${pods.length}`)
      .toSorted(),
    nodes: cluster.nodes.map(({ name, ready }) => `${name} ${ready ? 'ready' : 'not ready'}`).toSorted(),
    trouble,
    processes: pids.length,
    ports: portsOf(pids).length,
    files: pids.reduce((sum, pid) => sum + openFiles(pid), 0),
    megabytes: pids.reduce((sum, pid) => sum + proportionalSetSize(pid), 0) / 1024,
  };
}

/** Beyond these, more is a leak: connection pools breathe, and heaps grow to what the load needs. */
const mayGrow = { files: 1.15, megabytes: 1.3 };

/** What is not as it was before, in words; empty when all is. */
export function residue(before: ShopWorld, after: ShopWorld): string[] {
  const changed = (what: string, was: string[], is: string[]) =>
    is
      .filter((one) => !was.includes(one))
      .map((one) => `${what}: ${one} is new`)
      .concat(was.filter((one) => !is.includes(one)).map((one) => `${what}: ${one} is gone`));
  // Fewer processes are nothing left: the database ends those of idle connections. Whether every pod is ready, `services` says.
  const counts = (['processes', 'ports'] as const).filter((what) =>
    what === 'ports' ? before.ports !== after.ports : after.processes > before.processes,
  );
  const grown = (['files', 'megabytes'] as const).filter((what) => after[what] > before[what] * mayGrow[what]);
  return [
    ...after.trouble,
    ...changed('services', before.services, after.services),
    ...changed('nodes', before.nodes, after.nodes),
    ...[...counts, ...grown].map((what) => `${what}: ${before[what].toFixed(0)} before, ${after[what].toFixed(0)} now`),
  ];
}

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0; // it has just ended
    throw error;
  }
}
