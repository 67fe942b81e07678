import type { NodePower } from '../faults/drivers/driver.ts';
import type { Kubelet } from './kubelet/kubelet.ts';

/** The nodes of this cluster: kubelets that share a machine and a process. */
export interface VirtualNodes extends NodePower {
  /** Those that have power. */
  kubelets(): Kubelet[];
}

/** @param start starts the kubelet of a node, with what the API says of the pods there */
export async function startVirtualNodes(
  names: readonly string[],
  start: (name: string) => Promise<Kubelet>,
): Promise<VirtualNodes> {
  const running = new Map<string, Kubelet>();
  /** By node, so that no two changes of one are under way at once. */
  const changes = new Map<string, Promise<void>>();

  async function on(name: string): Promise<void> {
    if (!running.has(name)) running.set(name, await start(name));
  }

  async function off(name: string): Promise<void> {
    const kubelet = running.get(name);
    running.delete(name);
    await kubelet?.crash();
  }

  function change(name: string, how: (name: string) => Promise<void>): Promise<void> {
    const done = (changes.get(name) ?? Promise.resolve()).catch(() => undefined).then(() => how(name));
    changes.set(name, done);
    return done;
  }

  await Promise.all(names.map(on));
  return {
    kubelets: () => [...running.values()],
    off: (name) => change(name, off),
    on: (name) => change(name, on),
  };
}
