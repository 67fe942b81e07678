import type { EffectHost, StartEffect } from './effect.ts';
import { leaseShell, type LeaseShell } from './lease-shell.ts';
import { letGo } from './stopped-container.ts';

/** As the kernel shares processors out among cgroups with limits (cpu.cfs_period_us). */
const periodMs = 100;
/** A container that never gets a processor would be a frozen one. */
const mostPercent = 95;

// $1 the container's process, $2 seconds of lease, $3 and $4 seconds of each period that the hog and the container have.
const script = `
end() { kill -KILL $hog; turn CONT; exit; }
turn() {
  kill -$1 -$leader
  children=
  [ -r /proc/$leader/task/$leader/children ] && read -r children < /proc/$leader/task/$leader/children
  for p in $children; do kill -$1 $p; done
}
leader=$1 hog=
trap end TERM
while :; do :; done & hog=$!
kill -STOP $hog
( sleep $2; kill -TERM $$ ) &
echo $hog
while kill -0 $leader; do
  turn STOP; kill -CONT $hog; sleep $3
  kill -STOP $hog; turn CONT; sleep $4
done
end
`;

/**
 * A neighbour in the pod that burns a processor for a part of each tenth of a second, in which the pod has none: as if both had one processor
 * between them. What it burns counts as the container's use, and against its CPU limit where there is one.
 */
export const cpuHog: StartEffect<{ type: 'cpu-hog'; percent: number }> = (
  { percent },
  { pod, processes, resources, remainingMs, tell }: EffectHost,
) => {
  const shells = new Set<LeaseShell>();
  const first = pod.spec!.containers[0]!.name;
  return {
    async onContainer({ container: { name }, pid, ended }) {
      if (name !== first) return;
      const burnMs = (periodMs * Math.min(percent, mostPercent)) / 100;
      const args = [pid, remainingMs() / 1000, burnMs / 1000, (periodMs - burnMs) / 1000];
      const shell = leaseShell(script, args, processes);
      shells.add(shell);
      const end = () => void shell.end();
      ended.addEventListener('abort', end);
      void shell.exited.then(() => {
        shells.delete(shell);
        ended.removeEventListener('abort', end);
        if (!ended.aborted) letGo(pid);
      });
      resources.join(pod.metadata.uid!, name, Number(await shell.begun), shell.exited);
      tell({});
    },
    async end() {
      await Promise.all([...shells].map((shell) => shell.end()));
    },
  };
};
