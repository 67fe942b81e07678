import { stopTrees } from '../../reaper.ts';
import { descendants, signal } from '../process-tree.ts';
import type { FaultedContainer } from './effect.ts';
import { leaseShell } from './lease-shell.ts';
import type { ProcessTable } from '../process-table.ts';

const script = `
go() { for p in $all; do kill -CONT -$p; kill -CONT $p; done; kill $nap; exit; }
trap go TERM
todo=$1 nap=
${stopTrees}
echo stopped
sleep $2 & nap=$!
wait $nap
go
`;

/** A container whose processes are all stopped (SIGSTOP): its kernel still takes connections, and nobody answers. */
export interface StoppedContainer {
  /** They go on, by the end of the lease too. */
  goesOn: Promise<void>;
  /** Has them go on now. */
  go(): Promise<void>;
}

/** Resolves once they are stopped. They go on after `forMs`, whatever becomes of this process. */
export async function stopContainer(
  { pid, ended }: FaultedContainer,
  forMs: number,
  table: ProcessTable,
): Promise<StoppedContainer> {
  const shell = leaseShell(script, [pid, forMs / 1000], table);
  const end = () => void shell.end();
  ended.addEventListener('abort', end);
  const goesOn = shell.exited.then(() => {
    ended.removeEventListener('abort', end);
    if (!ended.aborted) letGo(pid);
  });
  await shell.begun;
  return {
    goesOn,
    async go() {
      await shell.end();
      await goesOn;
    },
  };
}

/** Somebody may have killed the shell before it could. */
export function letGo(leader: number): void {
  for (const pid of [leader, ...descendants(leader)]) {
    signal(-pid, 'SIGCONT');
    signal(pid, 'SIGCONT');
  }
}
