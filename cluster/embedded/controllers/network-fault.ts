import type { Api } from '../apiserver/api.ts';
import type { NetworkFault } from '../kinds/types.ts';
import type { FaultRule, PodNetwork } from '../network/pod-network.ts';
import { isNotFound } from '../reconcile/api-errors.ts';
import { startController, type Running } from '../reconcile/controller.ts';

/** How long an ended fault stays readable, so that whoever started it sees its last counters. */
const keepMs = 5_000;
/** Who watches a fault sees its first call within a second, with the lab server's own half on top of this one. */
const statusEveryMs = 400;

/** Brings NetworkFaults to the data plane, and what they did back into their status. */
export function startNetworkFaultController(api: Api, network: PodNetwork): Running {
  const generations = new Map<string, number | undefined>();
  return startController(api, {
    name: 'network-fault',
    watch: {
      // Our own writes of the status come back as events; answering each would never end.
      NetworkFault({ metadata }, type) {
        const news = type !== 'MODIFIED' || generations.get(metadata.uid!) !== metadata.generation;
        if (type === 'DELETED') generations.delete(metadata.uid!);
        else generations.set(metadata.uid!, metadata.generation);
        return news ? 'table' : null;
      },
    },
    reconcile: () => reconcileFaults(api, network, Date.now()),
  });
}

export async function reconcileFaults(api: Api, network: PodNetwork, now: number): Promise<number | void> {
  const faults = (await api.list('NetworkFault')).items.filter(({ metadata }) => !metadata.deletionTimestamp);
  const active = faults.filter((fault) => endOf(fault) > now);
  network.setFaults(active.map(ruleOf));
  if (faults.length === 0) return;

  const counters = await network.faultCounters();
  for (const fault of faults) {
    const ended = !active.includes(fault);
    const { name, namespace } = fault.metadata;
    const found = counters[fault.metadata.uid!] ?? fault.status ?? { delayed: 0, connections: 0, pods: [] };
    const { delayed, connections, pods } = found;
    try {
      if (ended && endOf(fault) + keepMs <= now) {
        await api.delete('NetworkFault', name, namespace, { uid: fault.metadata.uid });
      } else {
        const status: NetworkFault['status'] = { phase: ended ? 'Expired' : 'Active', delayed, connections, pods };
        await api.patch('NetworkFault', name, namespace, { status }, 'status');
      }
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  const nextEnd = Math.min(...faults.map((fault) => endOf(fault) + (active.includes(fault) ? 0 : keepMs)));
  return active.length > 0 ? Math.min(statusEveryMs, Math.max(1, nextEnd - now)) : Math.max(1, nextEnd - now);
}

const endOf = (fault: NetworkFault) => Date.parse(fault.spec.expiresAt);

function ruleOf(fault: NetworkFault): FaultRule {
  const { source, destination, delayMs, jitterMs } = fault.spec;
  return {
    id: fault.metadata.uid!,
    source: source ?? null,
    destination: { namespace: fault.metadata.namespace!, name: destination },
    delayMs: delayMs ?? 0,
    jitterMs: jitterMs ?? 0,
    expiresAt: endOf(fault),
  };
}
