import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { wholeValue } from '../../quantity.ts';
import { signal } from '../process-tree.ts';
import type { StartEffect } from './effect.ts';

const program = fileURLToPath(new URL('leak.cjs', import.meta.url));

/**
 * A process in the pod takes more and more memory, which counts as its container's: beyond its limit the kubelet ends the container as
 * OOMKilled, and once it is started again the leak goes on. Of the containers with a memory limit it is the first.
 */
export const memoryLeak: StartEffect<{ type: 'memory-leak'; bytesPerSecond: number }> = (
  { bytesPerSecond },
  { pod, processes, resources, remainingMs, tell },
) => {
  const leaks = new Set<{ child: ChildProcess; gone: Promise<unknown> }>();
  const leaking = pod.spec!.containers.find((each) => each.resources?.limits?.memory)!;
  let kills = 0;
  return {
    onContainer({ container: { name }, ended }) {
      if (name !== leaking.name) return;
      // A little beyond the limit: it is for the kubelet to notice.
      const most = Math.round(wholeValue(leaking.resources!.limits!.memory!) * 1.2);
      const args = [program, ...[bytesPerSecond, Math.round(remainingMs()), most].map(String)];
      const child = spawn(process.execPath, args, { detached: true, stdio: 'ignore' });
      const { pid } = child;
      if (pid === undefined) throw new Error('the process that leaks could not be started');
      processes.add(pid);
      const gone = once(child, 'exit').then(() => processes.delete(pid));
      const leak = { child, gone };
      leaks.add(leak);
      void gone.then(() => leaks.delete(leak));
      ended.addEventListener('abort', () => signal(pid, 'SIGKILL'));
      resources.join(pod.metadata.uid!, name, pid, gone);
      tell({ killed: kills });
    },
    onExit({ container: { name } }, reason) {
      if (name === leaking.name && reason === 'OOMKilled') tell({ killed: ++kills });
    },
    async end() {
      for (const { child } of leaks) child.kill('SIGKILL');
      await Promise.all([...leaks].map(({ gone }) => gone));
    },
  };
};
