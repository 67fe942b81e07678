import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Api } from '../apiserver/api.ts';
import type { Container, Pod } from '../kinds/types.ts';
import type { PodNetwork } from '../network/pod-network.ts';
import { isConflict, isNotFound, orNull } from '../reconcile/api-errors.ts';
import type { EventRecorder } from '../reconcile/events.ts';
import { runContainer, type ContainerRunner } from './container-runner.ts';
import { newRecord, type ContainerRecord } from './container-state.ts';
import type { LogFile } from './log-file.ts';
import { podStatus } from './pod-status.ts';
import { prepareProgram } from './prepare-program.ts';
import type { ProcessTable } from './process-table.ts';
import type { StartSlots } from './start-slots.ts';
import { statusWriter } from './status-writer.ts';
import { podFolder } from './volumes.ts';

export interface PodHost {
  api: Api;
  network: PodNetwork;
  processes: ProcessTable;
  slots: StartSlots;
  recorder: EventRecorder;
  /** BREAKWATER_HOME, absolute. */
  home: string;
  /** Whether images may run what a manifest gives them. */
  anyProgram: boolean;
  nodeName: string;
  hostIP: string;
}

/** A pod as it lives on its node: from its address to its last container's end. */
export interface PodRunner {
  /** The Pod has changed; the deletion of it begins here. */
  update(pod: Pod): void;
  /** The Pod is gone from the API (force delete): everything ends at once. */
  vanish(): Promise<void>;
  /** Ends the containers of one sort, as the cluster stops; the Pod stays. */
  stop(native: boolean, graceMs: number): Promise<void>;
  log(container: string, previous: boolean): LogFile | null;
  dial(port: number): Promise<Duplex>;
}

export function runPod(host: PodHost, first: Pod): PodRunner {
  const { api, network, home, anyProgram, nodeName, hostIP } = host;
  const { name, namespace, uid } = first.metadata as { name: string; namespace: string; uid: string };
  const startTime = new Date();
  const runners = new Map<string, ContainerRunner>();
  const initSpecs = first.spec?.initContainers ?? [];
  const specs = first.spec?.containers ?? [];
  let pod = first;
  let podIP: string | null = null;
  let ending: Promise<void> | null = null;
  /** What its deletion leaves it, in seconds. */
  let graceSeconds = Infinity;
  let status = first.status;

  const recordOf = ({ name: container, image = '' }: Container): ContainerRecord =>
    runners.get(container)?.record ??
    newRecord(container, image, initSpecs.length > 0 ? 'PodInitializing' : 'ContainerCreating');
  const writer = statusWriter(api, () => {
    status = podStatus({
      pod: { ...pod, status },
      latest: pod.status,
      podIP,
      hostIP,
      startTime,
      initContainers: initSpecs.map(recordOf),
      containers: specs.map(recordOf),
      now: new Date(),
    });
    return { ...pod, status };
  });

  async function live(): Promise<void> {
    const app = pod.metadata.labels?.app ?? '';
    const attachment = await network.attach({ uid, name, namespace, app, nodeName });
    podIP = attachment.ip;
    writer.touch();
    const start = (container: Container, restartPolicy: string) => {
      const runner = runContainer({
        container,
        restartPolicy,
        graceMs: (pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000,
        logPath: (restarts) =>
          join(home, 'logs', 'pods', `${namespace}_${name}_${uid}`, container.name, `${restarts}.log`),
        processes: host.processes,
        slots: host.slots,
        prepare: () => prepareProgram({ pod, container, attachment, hostIP, home, anyProgram, network, source }),
        dial: (port) => network.dial(uid, port),
        event: (type, reason, message) => {
          const fieldPath = `spec.containers{${container.name}}`;
          host.recorder.event({ apiVersion: 'v1', kind: 'Pod', object: pod, fieldPath }, type, reason, message);
        },
        onChange: () => writer.touch(),
      });
      runners.set(container.name, runner);
      return runner;
    };
    const restartPolicy = pod.spec?.restartPolicy ?? 'Always';
    for (const container of initSpecs) {
      if (ending) return;
      await start(container, restartPolicy === 'Always' ? 'OnFailure' : restartPolicy).done;
      const { state } = recordOf(container);
      if (state.kind !== 'terminated' || state.exitCode !== 0) return;
    }
    if (ending) return;
    for (const container of specs) start(container, restartPolicy);
  }

  const source = {
    configMap: (object: string) => orNull(api.get('ConfigMap', object, namespace)),
    secret: (object: string) => orNull(api.get('Secret', object, namespace)),
    services: async () => (await api.list('Service', { namespace })).items,
  };
  const begun = live().catch((error: unknown) => {
    const message = `The pod could not be put on the network of ${nodeName}: ${(error as Error).message}`;
    host.recorder.event({ apiVersion: 'v1', kind: 'Pod', object: pod }, 'Warning', 'FailedCreatePodSandBox', message);
    console.error(`pod ${namespace}/${name}:`, error);
  });

  /** As deleted: the containers end, then the Pod goes from the API. */
  async function terminate(graceMs: number): Promise<void> {
    await Promise.all([...runners.values()].map((runner) => runner.stop(graceMs)));
    await begun;
    await Promise.all([...runners.values()].map((runner) => runner.kill()));
    await writer.flush();
    await cleanUp();
    try {
      await api.delete('Pod', name, namespace, { gracePeriodSeconds: 0, uid });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  async function cleanUp(): Promise<void> {
    await network.detach(uid);
    const log = join(home, 'logs', 'pods', `${namespace}_${name}_${uid}`);
    for (const folder of [podFolder(home, uid), log]) await rm(folder, { recursive: true, force: true });
  }

  return {
    update(next) {
      pod = next;
      writer.observe(next.status);
      const { deletionTimestamp, deletionGracePeriodSeconds = 30 } = next.metadata;
      if (!deletionTimestamp || deletionGracePeriodSeconds >= graceSeconds) return;
      graceSeconds = deletionGracePeriodSeconds;
      const graceMs = graceSeconds * 1000;
      if (ending) {
        // Asked for once more, with less time to end in.
        for (const runner of runners.values()) runner.hasten(graceMs);
        return;
      }
      ending = terminate(graceMs).catch((error: unknown) => console.error(`end of pod ${namespace}/${name}:`, error));
    },
    async vanish() {
      const before = ending;
      ending ??= Promise.resolve();
      await Promise.all([...runners.values()].map((runner) => runner.kill()));
      await (before ?? begun);
      await Promise.all([...runners.values()].map((runner) => runner.kill()));
      await cleanUp();
    },
    async stop(native, graceMs) {
      ending ??= Promise.resolve();
      const chosen = [...runners.values()].filter((runner) => runner.isNative === native);
      await Promise.all(chosen.map((runner) => runner.stop(graceMs)));
      await writer.flush();
    },
    log: (container, previous) => runners.get(container)?.log(previous) ?? null,
    dial: (port) => network.dial(uid, port),
  };
}
