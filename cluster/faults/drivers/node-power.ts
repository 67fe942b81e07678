import { answerInTime } from './answer-in-time.ts';
import type { Driver, DriverType, Surroundings } from './driver.ts';

/** Takes nodes away, as a power cut does. What the cluster makes of it (NotReady, eviction) is its own doing. */
export const nodePower: DriverType = { cannotHit: () => null, start };

function start({ nodes, report }: Surroundings): Driver {
  /** The node that each fault has taken. */
  const taken = new Map<string, string>();

  return {
    async carryOut({ id, node, pods }) {
      if (taken.has(id)) return [];
      taken.set(id, node!);
      await nodes.off(node!);
      const names = pods.map(({ metadata }) => metadata.name);
      report(id, { counter: node!, killed: names.length, pods: names });
      return [];
    },
    async undo(id) {
      const node = taken.get(id);
      const isLast = [...taken].every(([other, name]) => other === id || name !== node);
      if (node !== undefined && isLast && !(await answerInTime(node, nodes.on(node))).inTime) return [node];
      taken.delete(id);
      return [];
    },
    acting: async () => ({ ids: [...taken.keys()], silent: [] }),
  };
}
