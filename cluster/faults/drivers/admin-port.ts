import type { Pod } from '../../embedded/kinds/types.ts';
import { AdminError, adminAnswer, adminRequest } from './admin-request.ts';
import { followCounts, readingOf } from './follow-counts.ts';
import type { Driver, DriverType, Order, PodTemplate, Surroundings, Unreached } from './driver.ts';

/** Names, on a pod, the port through which it takes faults: it carries them out itself, as a third party's bad days. */
const carriesFaults = 'breakwater.dev/carries-faults';
/** Names, on a pod, what it can be told to do, where that is not everything. */
const faultBehaviours = 'breakwater.dev/fault-behaviours';

/** What is to be done there, in the pod's own words. */
export interface BehaviourOrder {
  behaviour: string;
  parameters: Record<string, number>;
}

/**
 * Faults that a pod carries out itself, told through its admin port. One request begins a fault there and stays open: its
 * answer tells the counts as they change, so that nobody has to ask. When it breaks, the pod keeps its lease all the same.
 */
export const adminPort: DriverType = {
  cannotHit(pod, what) {
    if (!portOf(pod)) return `its pods name no port that takes faults (annotation ${carriesFaults})`;
    const { behaviour } = what as BehaviourOrder;
    const able = pod.metadata?.annotations?.[faultBehaviours]?.split(/,\s*/);
    return !able || able.includes(behaviour) ? null : `its pods do not know "${behaviour}", but ${able.join(', ')}`;
  },
  start,
};

function start(surroundings: Surroundings): Driver {
  /** By fault, then by pod. */
  const sessions = new Map<string, Map<string, { pod: Pod; stop: AbortController }>>();

  return {
    async carryOut(order) {
      const ofFault = sessions.get(order.id) ?? new Map<string, { pod: Pod; stop: AbortController }>();
      sessions.set(order.id, ofFault);
      const there = new Set(order.pods.map(({ metadata }) => metadata.uid!));
      // Gone, or no longer of the target: its labels say something else by now.
      const left = [...ofFault.values()].map(({ pod }) => pod).filter(({ metadata }) => !there.has(metadata.uid!));
      for (const { metadata } of left) hangUp(order.id, metadata.uid!);
      const fresh = order.pods.filter(({ metadata }) => !ofFault.has(metadata.uid!));
      const [unreached] = await Promise.all([Promise.all(fresh.map((pod) => begin(order, pod))), end(order.id, left)]);
      return unreached.flat();
    },

    async undo(id, pods) {
      for (const uid of sessions.get(id)?.keys() ?? []) hangUp(id, uid);
      sessions.delete(id);
      return end(id, pods);
    },

    async acting(pods) {
      const ids = new Set<string>();
      const silent = await eachPod(pods, async (pod) => {
        const { faults } = (await ask(pod, 'GET', '/behaviour')) as { faults: { id: string }[] };
        for (const { id } of faults) ids.add(id);
      });
      return { ids: [...ids], silent };
    },
  };

  /** Answers who was silent. */
  function end(id: string, pods: readonly Pod[]): Promise<string[]> {
    return eachPod(pods, async (pod) => {
      const { ended } = (await ask(pod, 'DELETE', `/behaviour/${id}`)) as { ended: object | null };
      if (ended) surroundings.report(id, { ...readingOf(ended), pods: [pod.metadata.name] });
    });
  }

  async function begin({ id, what, remainingMs }: Order, pod: Pod): Promise<Unreached[]> {
    const { name, uid } = pod.metadata;
    const stop = new AbortController();
    sessions.get(id)?.set(uid!, { pod, stop });
    try {
      const body = { ...(what as BehaviourOrder), remainingMs };
      const request = { method: 'PUT', path: `/behaviour/${id}`, body, signal: stop.signal } as const;
      const response = await adminRequest(dial(pod), request);
      const report = (counts: { counter: string }) => surroundings.report(id, { ...counts, pods: [name] });
      void followCounts(response, report).then(() => {
        if (stop.signal.aborted) return;
        sessions.get(id)?.delete(uid!);
        surroundings.lost(id);
      });
      return [];
    } catch (error) {
      if (sessions.get(id)?.get(uid!)?.stop === stop) sessions.get(id)!.delete(uid!);
      return [{ pod: name, why: error instanceof Error ? error.message : String(error) }];
    }
  }

  function hangUp(id: string, uid: string): void {
    sessions.get(id)?.get(uid)?.stop.abort();
    sessions.get(id)?.delete(uid);
  }

  function dial(pod: Pod) {
    return () => surroundings.dial(pod.metadata.uid!, portOf(pod)!);
  }

  function ask(pod: Pod, method: 'GET' | 'DELETE', path: string): Promise<unknown> {
    return adminAnswer(dial(pod), { method, path });
  }
}

/** Answers the names of those that did not answer. Where nobody listens, nothing acts. */
async function eachPod(pods: readonly Pod[], act: (pod: Pod) => Promise<void>): Promise<string[]> {
  const silent: string[] = [];
  await Promise.all(
    pods
      .filter((pod) => portOf(pod))
      .map(async (pod) => {
        try {
          await act(pod);
        } catch (error) {
          if (!(error instanceof AdminError && error.code === 'nobody-listens')) silent.push(pod.metadata.name);
        }
      }),
  );
  return silent;
}

function portOf({ metadata, spec }: PodTemplate): number | undefined {
  const name = metadata?.annotations?.[carriesFaults];
  if (!name) return undefined;
  const ports = spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
  return ports.find((port) => port.name === name)?.containerPort;
}
