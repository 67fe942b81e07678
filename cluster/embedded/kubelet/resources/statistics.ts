import type { PodUsage } from '../../apiserver/api.ts';
import { bytesFromProc, readProcesses, type Processes } from './processes.ts';

/** A container whose program runs. */
export interface RunningContainer {
  podUid: string;
  /** The container's. */
  name: string;
  pid: number;
  /** Bytes; null without a limit. */
  memoryLimit: number | null;
  /** It holds more than its limit; called once. */
  onOutOfMemory(): void;
}

/** What the containers of this machine use: one look at all processes serves every node. */
export interface Statistics {
  /** From now on the container counts; answers what to call when it has ended. */
  add(container: RunningContainer): () => void;
  /** Has another process, with all that it starts, count as a container's; answers what to call when it has ended. */
  join(podUid: string, container: string, pid: number): () => void;
  /** Null as long as nothing is known of the pod. */
  podUsage(podUid: string): PodUsage | null;
  close(): void;
}

/** Between two looks at all processes. */
const sampleMs = 2_000;
/** Over how long CPU use is averaged. */
const windowMs = 10_000;
/** Between two looks at the memory of those that come near their limit; the others get every third. Without /proc only the big look. */
const memoryMs = 100;
const memoryMsByPs = 500;

interface Entry {
  container: RunningContainer;
  /** Processes that count as the container's beside its own, with the CPU time that each has used. */
  joined: Map<number, number>;
  /** CPU time in ms that such processes had used when they ended. */
  past: number;
  pids: number[];
  bytes: number;
  /** CPU time in ms used so far, at times of the clock; the latest last. */
  cpu: { at: number; used: number }[];
  overLimit: boolean;
}

export interface StatisticsOptions {
  now?: () => number;
  read?: () => Promise<Processes>;
}

export function startStatistics({ now = Date.now, read = readProcesses }: StatisticsOptions = {}): Statistics & {
  sample(): Promise<void>;
} {
  const entries = new Set<Entry>();
  const hasProc = process.platform === 'linux';
  let looks = 0;

  async function sample(): Promise<void> {
    if (entries.size === 0) return;
    const processes = await read();
    const at = now();
    for (const entry of entries) {
      const own = processes.tree(entry.container.pid);
      const cpuOf = (pids: number[]) => pids.reduce((total, pid) => total + processes.cpuOf(pid), 0);
      const others = [...entry.joined.keys()].map((pid) => ({ pid, tree: processes.tree(pid) }));
      for (const { pid, tree } of others) entry.joined.set(pid, Math.max(cpuOf(tree), entry.joined.get(pid)!));
      entry.pids = [...own, ...others.flatMap(({ tree }) => tree)];
      const used = cpuOf(own) + sum([...entry.joined.values()]) + entry.past;
      // A child that ended without being waited for takes its time with it; what was used stays used.
      entry.cpu.push({ at, used: Math.max(used, entry.cpu.at(-1)!.used) });
      while (entry.cpu.length > 2 && entry.cpu[1]!.at <= at - windowMs) entry.cpu.shift();
      setBytes(entry, processes.bytesOf);
    }
  }

  function setBytes(entry: Entry, bytesOf: (pid: number) => number): void {
    entry.bytes = entry.pids.reduce((total, pid) => total + bytesOf(pid), 0);
    const { memoryLimit, onOutOfMemory } = entry.container;
    if (memoryLimit === null || entry.bytes <= memoryLimit || entry.overLimit || !entries.has(entry)) return;
    entry.overLimit = true;
    onOutOfMemory();
  }

  function lookAtMemory(): void {
    looks += 1;
    for (const entry of entries) {
      const { memoryLimit } = entry.container;
      if (memoryLimit === null) continue;
      if (entry.bytes > memoryLimit / 2 || looks % 3 === 0) setBytes(entry, bytesFromProc);
    }
  }

  const anyLimit = () => [...entries].some(({ container }) => container.memoryLimit !== null);
  const stops = [
    every(sampleMs, sample),
    every(hasProc ? memoryMs : memoryMsByPs, async () => {
      if (hasProc) lookAtMemory();
      else if (anyLimit()) await sample();
    }),
  ];

  return {
    sample,
    add(container) {
      const entry: Entry = {
        ...{ container, joined: new Map(), past: 0, pids: [container.pid] },
        ...{ bytes: 0, cpu: [{ at: now(), used: 0 }], overLimit: false },
      };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    join(podUid, name, pid) {
      const entry = [...entries].find(({ container }) => container.podUid === podUid && container.name === name);
      if (!entry) return () => {};
      entry.joined.set(pid, 0);
      entry.pids.push(pid);
      return () => {
        entry.past += entry.joined.get(pid) ?? 0;
        entry.joined.delete(pid);
        entry.pids = entry.pids.filter((each) => each !== pid);
      };
    },
    podUsage(podUid) {
      const own = [...entries].filter(({ container, cpu }) => container.podUid === podUid && cpu.length > 1);
      if (own.length === 0) return null;
      const windows = own.map(({ cpu }) => cpu.at(-1)!.at - cpu[0]!.at);
      return {
        at: Math.max(...own.map(({ cpu }) => cpu.at(-1)!.at)),
        windowMs: Math.max(...windows),
        containers: own.map(({ container: { name }, cpu, bytes: workingSetBytes }, index) => {
          const used = cpu.at(-1)!.used - cpu[0]!.used;
          return { name, cpuNanoCores: Math.round((used / Math.max(1, windows[index]!)) * 1e9), workingSetBytes };
        }),
      };
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Runs `look` again and again, so long after it has ended; a look that fails is told of and does not end that. */
function every(milliseconds: number, look: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const next = () => {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => console.error('the use of containers could not be read, trying again:', error))
        .finally(() => {
          if (!stopped) next();
        });
    }, milliseconds);
    timer.unref();
  };
  next();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
