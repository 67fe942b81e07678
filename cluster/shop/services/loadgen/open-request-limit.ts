/** Bounds how many requests are open, so that a shop that answers nobody cannot exhaust the load generator. */
export function openRequestLimit(most: number): { run(task: () => Promise<void>): boolean } {
  let open = 0;
  return {
    /** False, without running `task`, when too many are open. */
    run(task) {
      if (open >= most) return false;
      open += 1;
      void task().finally(() => (open -= 1));
      return true;
    },
  };
}
