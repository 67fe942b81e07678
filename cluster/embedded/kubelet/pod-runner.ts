import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { ApiError } from '../apiserver/api-error.ts';
import type { Api } from '../apiserver/api.ts';
import type { Pod } from '../kinds/types.ts';
import { LONGEST_TIMEOUT } from '../network/longest-timeout.ts';
import type { PodAttachment, PodNetwork } from '../network/pod-network.ts';
import { orNull } from '../reconcile/api-errors.ts';
import type { EventRecorder } from '../reconcile/events.ts';
import type { CommandStreams } from '../streams/command-streams.ts';
import { attachTo } from './attach.ts';
import { containerRunner, type ContainerRunner } from './container-runner.ts';
import type { TellEvent } from './ensure-image.ts';
import { letGo, logFolder, removeFolders } from './let-go.ts';
import type { LogFile } from './log-file.ts';
import { begun, evicted, podChanged } from './pod-worker/observe.ts';
import { plan, type Action } from './pod-worker/plan.ts';
import { podStatus } from './pod-worker/pod-status.ts';
import { newRecords, specOf, type ContainerRecord } from './pod-worker/records.ts';
import { restoreRecords } from './pod-worker/restore.ts';
import { prepareProgram } from './prepare-program.ts';
import type { ProcessTable } from './process-table.ts';
import type { PodFaults } from './faults/pod-faults.ts';
import type { ContainerResources } from './resources/container-resources.ts';
import { remoteCommand } from './remote-command.ts';
import { retry } from './retry.ts';
import { RunLogs } from './run-logs.ts';
import type { StartSlots } from './start-slots.ts';
import { statusWriter } from './status-writer.ts';
import type { VolumeManager } from './volumes/volume-manager.ts';

export interface PodHost {
  api: Api;
  network: PodNetwork;
  processes: ProcessTable;
  slots: StartSlots;
  resources: ContainerResources;
  faults: PodFaults;
  volumes: VolumeManager;
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
  /** Ends it for good, as its node has to be rid of it. */
  evict(why: string): void;
  /** Everything ends at once, and nobody is told: its node has no power any more. Its folders stay. */
  crash(): Promise<void>;
  /** The Pod is gone from the API (force delete): everything ends at once. */
  vanish(): Promise<void>;
  /** Ends the containers of pods of one sort, as the cluster stops; the Pod stays as it is in the API. */
  stop(native: boolean, graceMs: number): Promise<void>;
  log(container: string, previous: boolean): LogFile | null;
  /** Runs a command in one of its containers; see remoteCommand. */
  exec(container: string, command: string[], streams: CommandStreams, gone: AbortSignal): Promise<number>;
  /** See attachTo. */
  attach(container: string, streams: CommandStreams, gone: AbortSignal): Promise<void>;
  /** See PodNetwork. */
  dial(port: number, options?: { loopback?: boolean }): Promise<Duplex>;
}

/** Where a Pod's spec has containers of each sort. */
const listOf = {
  ...{ init: 'initContainers', sidecar: 'initContainers' },
  ...{ main: 'containers', ephemeral: 'ephemeralContainers' },
} as const;

/** Does what the pod worker's plan says, and plans again whenever something has come of it. */
export function runPod(host: PodHost, first: Pod): PodRunner {
  const { api, network, home, nodeName, hostIP, recorder, volumes } = host;
  const { name, namespace, uid } = first.metadata as { name: string; namespace: string; uid: string };
  const records = first.status?.startTime ? restoreRecords(first, Date.now()) : newRecords(first, Date.now());
  const writer = statusWriter(api, first, (latest) => podStatus(latest, records, hostIP, Date.now()));
  const ended = Promise.withResolvers<void>();
  let pod = first;
  let attachment: PodAttachment;
  let timer: NodeJS.Timeout | undefined;
  let isGone = false;

  function event(type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string): void {
    if (!isGone) recorder.event({ apiVersion: 'v1', kind: 'Pod', object: pod, fieldPath }, type, reason, message);
  }

  const source = {
    configMap: (object: string) => orNull(api.get('ConfigMap', object, namespace)),
    secret: (object: string) => orNull(api.get('Secret', object, namespace)),
    services: async () => (await api.list('Service', { namespace })).items,
    apiServices: async () =>
      (await api.list('Service', { namespace: 'default', fieldSelector: 'metadata.name=kubernetes' })).items,
    allocatable: async () => (await orNull(api.get('Node', nodeName)))?.status?.allocatable ?? {},
  };
  const runners = new Map<string, ContainerRunner>();
  function addRunner(record: ContainerRecord): void {
    const container = specOf(pod, record.name);
    const path = `spec.${listOf[record.sort]}{${record.name}}`;
    const tell: TellEvent = (type, reason, message) => event(type, reason, message, path);
    const runner = containerRunner({
      ...host,
      ...{ records, record, container, pod: () => pod },
      logs: new RunLogs(join(logFolder(home, first), record.name), record.restartCount),
      prepare: () => prepareProgram({ ...host, pod, container, attachment, source, event: tell }),
      dial: (port) => network.dial(uid, port),
      event: tell,
      onChange: (isVisible) => look(isVisible),
    });
    runners.set(record.name, runner);
  }
  records.containers.forEach(addRunner);

  /** Does all there is to do now, and comes back when there is more. */
  function look(isVisible = true): void {
    clearTimeout(timer);
    let next = plan(pod, records, Date.now());
    for (; next.actions.length > 0; next = plan(pod, records, Date.now())) {
      for (const action of next.actions) {
        begun(pod, records, action, Date.now());
        carryOut(action);
        isVisible ||= action.type !== 'probe';
      }
    }
    if (next.lookAt < Infinity) timer = setTimeout(look, Math.min(next.lookAt - Date.now(), LONGEST_TIMEOUT), false);
    if (isVisible) writer.touch();
  }

  function carryOut(action: Action): void {
    if (action.type === 'release') return void release();
    if (action.type === 'end') {
      for (const runner of runners.values()) runner.giveUpStart();
      const { reason, message } = action.end;
      if (reason) event(reason === 'Evicted' ? 'Warning' : 'Normal', reason, message!);
      return;
    }
    const runner = runners.get(action.container)!;
    if (action.type === 'probe') runner.probe(action.probe);
    else if (action.type === 'terminate') runner.terminate(action.message);
    else runner[action.type]();
  }

  /** No container runs any more. */
  async function release(): Promise<void> {
    ended.resolve();
    const { why } = records.end!;
    const isWanted = () => !isGone && records.end!.why === why;
    if (why === 'Stopped') return;
    await writer.flush();
    await retry(
      async () => {
        await network.detach(uid);
        await volumes.tearDown(uid);
        if (why === 'Deleted') await letGo(api, home, first);
        else await removeFolders(home, first, { keepLog: true });
      },
      isWanted,
      (error) => failed('end', error),
    );
  }

  function failed(what: string, error: unknown): void {
    console.error(`${what} of pod ${namespace}/${name}:`, error);
  }

  async function attach(): Promise<void> {
    const { hostname } = pod.spec ?? {};
    attachment = await network.attach({ uid, name, namespace, hostname, nodeName });
    // It may be over by now.
    if (isGone || records.end?.released) return network.detach(uid);
    records.podIP = attachment.ip;
    look();
  }

  const attached = records.end
    ? Promise.resolve()
    : attach().catch((error: unknown) => {
        const message = `The pod could not be put on the network of ${nodeName}: ${(error as Error).message}`;
        event('Warning', 'FailedCreatePodSandBox', message);
        failed('network', error);
      });
  if (records.end?.released) ended.resolve();

  function stop(graceMs: number): void {
    if (records.end?.why === 'Stopped' && records.end.graceMs <= graceMs) return;
    const action: Action = { type: 'end', end: { why: 'Stopped', graceMs } };
    begun(pod, records, action, Date.now());
    carryOut(action);
    look();
  }

  async function crash(): Promise<void> {
    isGone = true;
    writer.close();
    stop(0);
    await ended.promise;
    await attached;
    await network.detach(uid);
  }

  /** @throws ApiError InternalError in the words of the kubelet */
  function runningOf(container: string): ContainerRunner {
    const runner = runners.get(container);
    if (runner?.process) return runner;
    throw new ApiError('InternalError', `unable to upgrade connection: container not found ("${container}")`);
  }

  return {
    update(next) {
      pod = next;
      podChanged(pod, records).forEach(addRunner);
      look();
    },
    evict(why) {
      evicted(records, why);
      look();
    },
    crash,
    async vanish() {
      await crash();
      await volumes.tearDown(uid);
      await removeFolders(home, first);
    },
    async stop(native, graceMs) {
      writer.close();
      if ([...runners.values()].some(({ isNative }) => isNative) !== native) return;
      stop(graceMs);
      await ended.promise;
    },
    log: (container, previous) => runners.get(container)?.log(previous) ?? null,
    exec: async (container, ...rest) => remoteCommand(runningOf(container).view!, ...rest, host.processes),
    async attach(container, streams, gone) {
      const { stdinOnce = false } = specOf(pod, container);
      await attachTo(runningOf(container).process!, streams, stdinOnce, gone);
    },
    dial: (port, options) => network.dial(uid, port, options),
  };
}
