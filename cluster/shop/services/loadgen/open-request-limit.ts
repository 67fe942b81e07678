export interface OpenRequestLimit {
  readonly open: number;
  /** False, without running `task`, when too many are open. */
  run(task: () => Promise<void>): boolean;
}

/** Bounds how many requests are open, so that a shop that answers nobody cannot exhaust the load generator. */
export function openRequestLimit(most: number): OpenRequestLimit {
  let open = 0;
  return {
    get open() {
      return open;
    },
    run(task) {
      if (open >= most) return false;
      open += 1;
      void task().finally(() => (open -= 1));
      return true;
    },
  };
}
