import { setTimeout as delay } from 'node:timers/promises';
import type { PodProcesses, ProcessEffect, Surroundings } from '../../../faults/drivers/driver.ts';
import type { Pod } from '../../kinds/types.ts';
import { LONGEST_TIMEOUT } from '../../network/longest-timeout.ts';
import type { ProbeName } from '../pod-worker/records.ts';
import type { ProbeOutcome } from '../probe-check.ts';
import { cpuHog } from './cpu-hog.ts';
import { diskFull } from './disk-full.ts';
import type { Effect, EffectHost, FaultedContainer, StartEffect } from './effect.ts';
import { failingReadiness } from './failing-readiness.ts';
import { freeze } from './freeze.ts';
import { logFlood } from './log-flood.ts';
import { memoryLeak } from './memory-leak.ts';
import { slowStart } from './slow-start.ts';

const effects: { [type in ProcessEffect['type']]: StartEffect } = {
  ...{ freeze, 'slow-start': slowStart, 'cpu-hog': cpuHog, 'memory-leak': memoryLeak },
  ...{ 'failing-readiness': failingReadiness, 'disk-full': diskFull, 'log-flood': logFlood },
};

/** They stop and continue processes: two of them on one pod would undo each other. */
const stopping: readonly string[] = ['freeze', 'slow-start', 'cpu-hog'];

/** How long the end of all may take when the cluster stops, in ms: then the reaper ends what is left. */
const closeMs = 300;

interface Acting {
  id: string;
  type: ProcessEffect['type'];
  effect: Effect;
  /** Resolves once it acts on what ran then. */
  begun: Promise<unknown>;
  timer: NodeJS.Timeout;
}

/** The faults on the processes of all pods of this machine, whatever node they are on. */
export interface PodFaults extends PodProcesses {
  /** A program has been started. Answers what to call when it has ended, with the reason in its status. */
  started(container: FaultedContainer): (reason: string) => void;
  /** What a probe has come to, as the kubelet is to see it. */
  judge(podUid: string, probe: ProbeName, outcome: ProbeOutcome): ProbeOutcome;
  /** Ends all. */
  close(): Promise<void>;
}

export function openPodFaults(host: Pick<EffectHost, 'home' | 'processes' | 'resources'>): PodFaults {
  /** By pod. */
  const running = new Map<string, Set<FaultedContainer>>();
  /** By pod, too. */
  const acting = new Map<string, Acting[]>();
  let report: Surroundings['report'] = () => undefined;

  const on = (uid: string) => acting.get(uid) ?? [];

  function begin(id: string, wanted: ProcessEffect, remainingMs: number, pod: Pod): Promise<unknown> {
    const uid = pod.metadata.uid!;
    const known = on(uid).find((each) => each.id === id);
    if (known) return known.begun;
    const other = stopping.includes(wanted.type) && on(uid).find(({ type }) => stopping.includes(type));
    if (other) return Promise.reject(new Error(`a fault of type ${other.type} stops its processes already`));
    const endsAt = performance.now() + remainingMs;
    const effect = effects[wanted.type](wanted as never, {
      ...host,
      pod,
      remainingMs: () => Math.max(1, endsAt - performance.now()),
      tell(counts, counter = pod.metadata.name) {
        report(id, { counter: `${counter}/${uid}`, pods: [pod.metadata.name], ...counts });
      },
    });
    const timer = setTimeout(() => void endOn(uid, id), Math.min(remainingMs, LONGEST_TIMEOUT));
    const there = [...(running.get(uid) ?? [])];
    const begun = Promise.all(there.map(async (container) => effect.onContainer?.(container, false)));
    acting.set(uid, [...on(uid), { id, type: wanted.type, effect, begun, timer }]);
    return begun.catch(async (error: unknown) => {
      await endOn(uid, id);
      throw error;
    });
  }

  async function endOn(uid: string, id: string): Promise<void> {
    const found = on(uid).find((each) => each.id === id);
    if (!found) return;
    clearTimeout(found.timer);
    // What it is about to do has to be undone too.
    await found.begun.catch(() => undefined);
    await found.effect.end();
    const left = on(uid).filter((each) => each !== found);
    if (left.length > 0) acting.set(uid, left);
    else acting.delete(uid);
  }

  async function end(id: string, butOn: ReadonlySet<string> = new Set()): Promise<void> {
    await Promise.all([...acting.keys()].filter((uid) => !butOn.has(uid)).map((uid) => endOn(uid, id)));
  }

  return {
    async begin({ id, effect, remainingMs }, pod) {
      await begin(id, effect, remainingMs, pod);
    },
    end,
    acting: async () => [...new Set([...acting.values()].flat().map(({ id }) => id))],
    onReading(listener) {
      report = listener;
    },
    started(container) {
      const uid = container.pod.metadata.uid!;
      const siblings = running.get(uid) ?? new Set();
      running.set(uid, siblings.add(container));
      for (const each of on(uid)) {
        const begun = Promise.try(() => each.effect.onContainer?.(container, true)).catch((error: unknown) =>
          console.error(`fault ${each.type} on ${container.pod.metadata.name}:`, error),
        );
        each.begun = Promise.all([each.begun, begun]);
      }
      return (reason) => {
        siblings.delete(container);
        if (siblings.size === 0) running.delete(uid);
        for (const { effect } of on(uid)) effect.onExit?.(container, reason);
      };
    },
    judge: (uid, probe, outcome) => on(uid).reduce((seen, { effect }) => effect.judge?.(probe, seen) ?? seen, outcome),
    async close() {
      const ids = new Set([...acting.values()].flat().map(({ id }) => id));
      await Promise.race([Promise.all([...ids].map((id) => end(id))), delay(closeMs)]);
    },
  };
}
