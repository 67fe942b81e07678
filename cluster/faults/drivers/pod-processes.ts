import { answerInTime } from './answer-in-time.ts';
import {
  CannotHitError,
  type Driver,
  type DriverType,
  type PodTemplate,
  type ProcessEffect,
  type Surroundings,
  type Unreached,
} from './driver.ts';

const carrier = 'the kubelet';

/** Faults on the processes of pods, which whoever runs those carries out: it has the lease, and ends it by its own clock. */
export const podProcesses: DriverType = {
  cannotHit: (pod, what) => impossible[(what as ProcessEffect).type]?.(pod) ?? null,
  start,
};

/** Why an effect makes no sense on pods like this one. */
const impossible: { [type in ProcessEffect['type']]?: (pod: PodTemplate) => string | null } = {
  'memory-leak': ({ spec }) =>
    spec?.containers.some(({ resources }) => resources?.limits?.['memory'])
      ? null
      : 'none of its containers has a memory limit that would end the leak',
  'failing-readiness': ({ spec }) =>
    spec?.containers.some(({ readinessProbe }) => readinessProbe)
      ? null
      : 'none of its containers has a readiness probe',
  'disk-full': ({ spec }) =>
    spec?.containers.some(({ volumeMounts = [] }) => volumeMounts.some(({ readOnly }) => !readOnly))
      ? null
      : 'none of its containers has a volume that it could write to',
};

function start({ processes, report }: Surroundings): Driver {
  processes.onReading(report);
  return {
    async carryOut({ id, what, pods, remainingMs }) {
      const there = new Set(pods.map(({ metadata }) => metadata.uid!));
      const fault = { id, effect: what as ProcessEffect, remainingMs };
      const [outcomes] = await Promise.all([
        Promise.all(
          pods.map(async (pod): Promise<Unreached[]> => {
            const answer = await answerInTime(carrier, processes.begin(fault, pod));
            if (answer.inTime) return [];
            const never = answer.cause instanceof CannotHitError ? answer.cause.message : null;
            return [{ pod: pod.metadata.name, why: never ?? answer.why, forGood: never !== null }];
          }),
        ),
        processes.end(id, there),
      ]);
      return outcomes.flat();
    },
    undo: async (id) => ((await answerInTime(carrier, processes.end(id))).inTime ? [] : [carrier]),
    async acting() {
      const answer = await answerInTime(carrier, processes.acting());
      return answer.inTime ? { ids: answer.value, silent: [] } : { ids: [], silent: [carrier] };
    },
  };
}
