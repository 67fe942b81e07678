import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { descendants } from '../../../kubelet/process-tree.ts';
import { until } from '../../../testing/until.ts';

/** What the heap may have grown by, in MiB: of the noise between two collections, and of nothing that adds up. */
const heapNoise = 24;

/** What this process holds at a moment. */
export interface Resources {
  /** What the event loop waits for, timers apart: how many there are of each sort. */
  handles: Record<string, number>;
  /** What it has started, and what that has. */
  processes: number[];
  /** Of JavaScript, with its buffers, after a collection; MiB. */
  heap: number;
}

/** What is held once that no longer changes. */
export async function idleResources(): Promise<Resources> {
  let last = look();
  await until('nothing changes', () => {
    const before = last;
    last = look();
    return (
      `${before.processes}` === `${last.processes}` && JSON.stringify(before.handles) === JSON.stringify(last.handles)
    );
  });
  return last;
}

/**
 * Waits until no more is held than `before`.
 *
 * @returns by how much the heap has grown all the same, in MiB
 * @throws AssertionError with what is left after 20 s
 */
export async function assertNothingLeft(before: Resources): Promise<number> {
  let left = leftOf(before, look());
  await until('nothing is left', () => (left = leftOf(before, look())).what.length === 0, 20).catch(() =>
    assert.fail(`left: ${left.what.join(', ')}`),
  );
  return left.grown;
}

function leftOf(before: Resources, now: Resources): { what: string[]; grown: number } {
  const grown = now.heap - before.heap;
  const handles = Object.entries(now.handles).filter(([name, count]) => count > (before.handles[name] ?? 0));
  const processes = now.processes.filter((pid) => !before.processes.includes(pid));
  const what = [
    ...handles.map(([name, count]) => `${count} ${name} instead of ${before.handles[name] ?? 0}`),
    ...processes.map((pid) => `process ${pid}`),
    ...(grown > heapNoise ? [`${grown.toFixed(0)} MiB`] : []),
  ];
  return { what, grown };
}

function look(): Resources {
  const handles: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) {
    if (name !== 'Timeout' && name !== 'Immediate') handles[name] = (handles[name] ?? 0) + 1;
  }
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return { handles, processes: descendants(process.pid), heap: (heapUsed + external) / 2 ** 20 };
}
