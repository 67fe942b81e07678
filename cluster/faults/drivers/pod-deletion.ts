import type { Pod } from '../../embedded/kinds/types.ts';
import type { Driver, DriverType, Order, Surroundings, Unreached } from './driver.ts';

/** Once, or again and again. */
export type Killing = { everyMs: number } | null;

/** Kills pods, through the Kubernetes API. What it has done is done: there is nothing to undo, and what goes on ends with its lease. */
export const podDeletion: DriverType = { cannotHit: () => null, start };

function start({ deletePod, report }: Surroundings): Driver {
  /** Those that kill again and again. `pods`: the next to die. */
  const repeated = new Map<string, { pods: readonly Pod[]; timer: NodeJS.Timeout; endsAt: number }>();

  async function kill(id: string, pods: readonly Pod[]): Promise<Unreached[]> {
    const outcomes = await Promise.all(
      pods.map(async (pod): Promise<Unreached[]> => {
        const { name } = pod.metadata;
        if (!(await deletePod(pod))) return [{ pod: name, why: 'it is gone already' }];
        report(id, { counter: name, killed: 1, pods: [name] });
        return [];
      }),
    );
    return outcomes.flat();
  }

  function end(id: string): void {
    clearInterval(repeated.get(id)?.timer);
    repeated.delete(id);
  }

  function repeat({ id, pods, remainingMs }: Order, everyMs: number): Promise<Unreached[]> {
    const timer = setInterval(() => {
      const run = repeated.get(id);
      if (!run) return;
      if (performance.now() >= run.endsAt) return end(id);
      kill(id, run.pods).catch((error: unknown) => console.error('a pod could not be killed:', error));
    }, everyMs);
    timer.unref();
    repeated.set(id, { pods, timer, endsAt: performance.now() + remainingMs });
    return kill(id, pods);
  }

  return {
    async carryOut(order) {
      const { everyMs } = (order.what as Killing) ?? {};
      if (everyMs === undefined) return kill(order.id, order.pods);
      const run = repeated.get(order.id);
      if (!run) return repeat(order, everyMs);
      run.pods = order.pods;
      return [];
    },
    async undo(id) {
      end(id);
      return [];
    },
    acting: async () => ({ ids: [...repeated.keys()], silent: [] }),
  };
}
