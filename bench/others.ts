import { cpus } from 'node:os';
import { readProcesses } from '../cluster/embedded/kubelet/resources/processes.ts';

/**
 * Watches how much of the processors programs take that are neither this benchmark nor started by it.
 *
 * @returns a sentence about the time since
 */
export async function watchOthers(): Promise<() => Promise<string>> {
  const since = performance.now();
  const before = await othersCpuMs();
  return async () => {
    const cores = Math.max(0, (await othersCpuMs()) - before) / (performance.now() - since);
    const took = `other programs took ${cores.toFixed(2)} of the ${cpus().length} cores meanwhile.`;
    return cores > 0.1 ? `The machine was busy: ${took}` : `The machine was idle otherwise: ${took}`;
  };
}

/** CPU time in ms that others have taken, from any moment on. */
async function othersCpuMs(): Promise<number> {
  const { tree, cpuOf } = await readProcesses();
  const ours = tree(process.pid).reduce((sum, pid) => sum + cpuOf(pid), 0);
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, -ours);
}
