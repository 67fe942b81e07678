import type { Driver, DriverType, Surroundings, Unreached } from './driver.ts';

/** Kills pods. What it has done is done: there is nothing to undo, and nothing that acts on. */
export const podDeletion: DriverType = { cannotHit: () => null, start };

function start({ deletePod, report }: Surroundings): Driver {
  return {
    async carryOut({ id, pods }) {
      const outcomes = await Promise.all(
        pods.map(async (pod): Promise<Unreached[]> => {
          const { name } = pod.metadata;
          if (!(await deletePod(pod))) return [{ pod: name, why: 'it is gone already' }];
          report(id, { counter: name, pods: [name] });
          return [];
        }),
      );
      return outcomes.flat();
    },
    undo: async () => [],
    acting: async () => ({ ids: [], silent: [] }),
  };
}
