import type { StartEffect } from './effect.ts';
import { stopContainer, type StoppedContainer } from './stopped-container.ts';

/** Stops what has just been started for a while, before it can do anything: probes look at it meanwhile, and a liveness probe loses patience. */
export const slowStart: StartEffect<{ type: 'slow-start'; delayMs: number }> = (
  { delayMs },
  { processes, remainingMs, tell },
) => {
  const held = new Set<StoppedContainer>();
  let starts = 0;
  return {
    async onContainer(container, isNew) {
      if (!isNew) return;
      const stopped = await stopContainer(container, Math.min(delayMs, remainingMs()), processes);
      held.add(stopped);
      void stopped.goesOn.then(() => held.delete(stopped));
      tell({ delayed: ++starts });
    },
    async end() {
      await Promise.all([...held].map((each) => each.go()));
    },
  };
};
