export interface OpenRequestLimit {
  readonly open: number;
  /** Age of the oldest open request, in ms by its intended start; 0 when none is open. */
  oldestMs(): number;
  /** False, without running `task`, when too many are open. */
  run(task: () => Promise<void>, intended: number): boolean;
}

/** Bounds how many requests are open, so that a shop that answers nobody cannot exhaust the load generator. */
export function openRequestLimit(most: number): OpenRequestLimit {
  // In the order they were due, so that the first is the oldest.
  const open = new Set<{ intended: number }>();
  return {
    get open() {
      return open.size;
    },
    oldestMs() {
      const [oldest] = open;
      return oldest ? Math.max(0, performance.now() - oldest.intended) : 0;
    },
    run(task, intended) {
      if (open.size >= most) return false;
      const request = { intended };
      open.add(request);
      void task().finally(() => open.delete(request));
      return true;
    },
  };
}
