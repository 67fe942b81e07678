import type { PodUsage } from '../../apiserver/api.ts';
import type { Container } from '../../kinds/types.ts';
import { milliValue, wholeValue } from '../../quantity.ts';
import { openCpuCgroups } from './cpu-cgroups.ts';
import { startStatistics } from './statistics.ts';

/** A container whose program has just been started. */
export interface StartedContainer {
  podUid: string;
  container: Container;
  pid: number;
  /** Aborts when the program has ended. */
  ended: AbortSignal;
  /** It holds more memory than its limit: end it, as OOMKilled. Called once. */
  onOutOfMemory(): void;
  event(type: 'Warning', reason: string, message: string): void;
}

/** Holds the containers of this machine, whatever node they are on, to their limits, and counts what they use. */
export interface ContainerResources {
  /** From now until the program has ended. */
  begin(started: StartedContainer): void;
  /** What another process uses counts as the container's from now on, and against its limits, until that is gone. */
  join(podUid: string, container: string, pid: number, gone: Promise<unknown>): void;
  /** Null as long as nothing is known of the pod. */
  podUsage(podUid: string): PodUsage | null;
  close(): void;
}

/** @param home BREAKWATER_HOME, absolute */
export function openContainerResources(home: string): ContainerResources {
  const statistics = startStatistics();
  const cgroups = openCpuCgroups(home);
  /** Pods that were told that their limit does not hold: it is no news at each restart. */
  const told = new Set<string>();

  function limitCpu({ podUid, container, pid, event }: StartedContainer): () => void {
    const limit = container.resources?.limits?.cpu;
    if (limit === undefined) return () => {};
    let problem = cgroups.unavailable;
    if (problem === null) {
      try {
        return cgroups.limit(groupName(podUid, container.name), pid, milliValue(limit));
      } catch (error) {
        // Its program runs by now, and is to run on.
        problem = (error as Error).message;
      }
    }
    if (!told.has(podUid)) {
      const message = `This machine cannot hold containers to their CPU limits: ${problem}. What they use is counted all the same.`;
      event('Warning', 'CPULimitNotEnforced', message);
    }
    told.add(podUid);
    return () => {};
  }

  return {
    begin(started) {
      const { podUid, container, pid, onOutOfMemory } = started;
      const memory = container.resources?.limits?.memory;
      const memoryLimit = memory === undefined ? null : wholeValue(memory);
      const ends = [
        statistics.add({ podUid, name: container.name, pid, memoryLimit, onOutOfMemory }),
        limitCpu(started),
      ];
      started.ended.addEventListener('abort', () => ends.forEach((end) => end()));
    },
    join(podUid, container, pid, gone) {
      const leave = statistics.join(podUid, container, pid);
      cgroups.join(groupName(podUid, container), pid);
      void gone.then(leave);
    },
    podUsage: statistics.podUsage,
    close() {
      statistics.close();
      cgroups.close();
    },
  };
}

function groupName(podUid: string, container: string): string {
  return `${podUid}_${container}`;
}
