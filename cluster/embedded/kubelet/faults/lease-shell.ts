import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ProcessTable } from '../process-table.ts';
import { signal } from '../process-tree.ts';

/**
 * A small shell beside a container that carries out a fault and ends it by itself, whether the cluster's process lives, is stopped or busy. With
 * the cluster it ends as containers do; and should even the reaper be killed, its lease ends all the same.
 */
export interface LeaseShell {
  pid: number;
  /** The first line it has printed: it has begun. Rejects when it ends before. */
  begun: Promise<string>;
  exited: Promise<void>;
  /** Has it undo what it does, and resolves once it has. */
  end(): Promise<void>;
}

/** A shell that does not obey is killed after this, in ms. */
const patienceMs = 300;

/**
 * @param script sees to its own end: it must print a line once it acts, undo at SIGTERM, and end in time
 * @param args its `$1`, `$2` ...
 */
export function leaseShell(script: string, args: (number | string)[], table: ProcessTable): LeaseShell {
  const child = spawn('sh', ['-c', `trap '' HUP INT PIPE\n${script}`, 'sh', ...args.map(String)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = child.pid!;
  table.add(pid);
  const exited = once(child, 'exit').then(() => {
    table.delete(pid);
    // What it has started is in its group.
    signal(-pid, 'SIGKILL');
  });
  const begun = Promise.race([
    once(child.stdout, 'data').then(([line]) => String(line).trim()),
    exited.then(() => Promise.reject(new Error('the shell that carries it out has ended before it began'))),
  ]);
  begun.catch(() => undefined); // not everybody waits for it
  return {
    pid,
    begun,
    exited,
    async end() {
      signal(pid, 'SIGTERM');
      const timer = setTimeout(() => signal(pid, 'SIGKILL'), patienceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
