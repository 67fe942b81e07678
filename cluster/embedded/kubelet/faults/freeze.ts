import type { StartEffect } from './effect.ts';
import { stopContainer, type StoppedContainer } from './stopped-container.ts';

/**
 * Stops the containers that run when it begins. One that is started meanwhile is not stopped: a liveness probe that has a frozen container
 * restarted has cured it.
 */
export const freeze: StartEffect<{ type: 'freeze' }> = (_effect, { processes, remainingMs, tell }) => {
  const stopped: StoppedContainer[] = [];
  return {
    async onContainer(container, isNew) {
      if (isNew) return;
      stopped.push(await stopContainer(container, remainingMs(), processes));
      tell({});
    },
    async end() {
      await Promise.all(stopped.map((each) => each.go()));
    },
  };
};
