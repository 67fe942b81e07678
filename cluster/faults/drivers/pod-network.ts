import { isDeepStrictEqual } from 'node:util';
import type { FaultRule } from '../../embedded/network/pod-network.ts';
import type { StreamFault } from '../../network-faults/index.ts';
import { answerInTime } from './answer-in-time.ts';
import type { Driver, DriverType, Surroundings } from './driver.ts';

const carrier = 'the data plane';

/** Faults on the bytes between pods, which the data plane of the pod network lets act. */
export const podNetwork: DriverType = { cannotHit: () => null, start };

function start({ network, report }: Surroundings): Driver {
  const rules = new Map<string, FaultRule>();
  /** Those the data plane is known to have. */
  const held = new Set<string>();
  network.onFaultCounts((counts, counter) => {
    for (const [id, { leftAlone, ...reading }] of Object.entries(counts)) {
      const remark = `${leftAlone} of its connections do not carry HTTP/1.1, and are left alone`;
      report(id, { counter, ...reading, remark: leftAlone > 0 ? remark : undefined });
    }
  });
  const hold = () => answerInTime(carrier, network.setFaults([...rules.values()]));

  return {
    async carryOut({ id, what, pods, destinations, remainingMs }) {
      const known = rules.get(id);
      const rule: FaultRule = {
        id,
        ...(destinations
          ? { sources: pods.map(({ metadata }) => metadata.uid!), destinations: [...destinations] }
          : { around: Object.fromEntries(pods.map(({ metadata }) => [metadata.uid!, metadata.name])) }),
        fault: what as StreamFault,
        remainingMs: known?.remainingMs ?? remainingMs,
      };
      if (held.has(id) && isDeepStrictEqual(rule, known)) return [];
      rules.set(id, rule);
      held.delete(id);
      const answer = await hold();
      if (answer.inTime) {
        held.add(id);
        return [];
      }
      return pods.map(({ metadata }) => ({ pod: metadata.name, why: answer.why }));
    },
    /** A data plane that does not answer because it starts anew begins with the rules of that moment. */
    async undo(id) {
      rules.delete(id);
      held.delete(id);
      return (await hold()).inTime ? [] : [carrier];
    },
    async acting() {
      const answer = await answerInTime(carrier, network.actingFaults());
      return answer.inTime ? { ids: answer.value, silent: [] } : { ids: [], silent: [carrier] };
    },
  };
}
