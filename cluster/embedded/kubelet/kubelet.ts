import type { Api } from '../apiserver/api.ts';
import type { PodNetwork } from '../network/pod-network.ts';
import { startEventRecorder } from '../reconcile/events.ts';
import { letGo } from './let-go.ts';
import { registerNode } from './node-registration.ts';
import { runPod, type PodRunner } from './pod-runner.ts';
import { isOver } from './pod-worker/restore.ts';
import type { ProcessTable } from './process-table.ts';
import type { PodFaults } from './faults/pod-faults.ts';
import type { ContainerResources } from './resources/container-resources.ts';
import { retry } from './retry.ts';
import type { StartSlots } from './start-slots.ts';
import { startEmptyDirLimits } from './volumes/empty-dir-limits.ts';
import type { RequestToken } from './volumes/token-cache.ts';
import { startVolumeManager } from './volumes/volume-manager.ts';

/** Runs the pods of one node as processes of this machine, and tells the API how they are. */
export interface Kubelet {
  /** The pod by its uid, if it lives on this node. */
  pod(uid: string): PodRunner | undefined;
  /** Takes no more pods and lets go of its node; the containers go on. */
  close(): void;
  /** Its node has no power any more: all ends at once, and nobody is told. What its pods have on its disk stays. */
  crash(): Promise<void>;
  /** Ends the containers of the shop first, then (`native`) the backing services they use. */
  stopContainers(native: boolean, graceMs: number): Promise<void>;
}

export interface KubeletOptions {
  api: Api;
  network: PodNetwork;
  processes: ProcessTable;
  /** Of the machine, which all nodes share. */
  slots: StartSlots;
  /** Of the machine too: limits, and what is used. */
  resources: ContainerResources;
  faults: PodFaults;
  /** BREAKWATER_HOME, absolute. */
  home: string;
  /** Whether images may run what a manifest gives them. */
  anyProgram: boolean;
  nodeName: string;
  /** How a token of a service account is had, for pods that mount one. */
  requestToken: RequestToken;
  /** Address of the virtual node. */
  address: string;
  /** Address under which pods reach the machine itself. */
  hostAddress: string;
  /** How many nodes share this machine. */
  nodes: number;
}

export async function startKubelet(options: KubeletOptions): Promise<Kubelet> {
  const { api, nodeName, address, hostAddress, nodes } = options;
  const recorder = startEventRecorder(api, 'kubelet', nodeName);
  const deregister = await registerNode(api, { name: nodeName, address, hostAddress, nodes });
  const volumes = startVolumeManager({ ...options, recorder });
  const emptyDirs = startEmptyDirLimits(options.home);
  const pods = new Map<string, PodRunner>();
  let closed = false;

  const stopWatch = api.watch('Pod', { fieldSelector: `spec.nodeName=${nodeName}` }, ({ type, object: pod }) => {
    const uid = pod.metadata.uid!;
    const runner = pods.get(uid);
    if (type === 'DELETED') {
      pods.delete(uid);
      emptyDirs.forget(uid);
      runner?.vanish().catch((error: unknown) => {
        // While the cluster stops, the network it would leave may have gone before it.
        if (!closed) console.error(`end of pod ${pod.metadata.name}:`, error);
      });
    } else if (runner) runner.update(pod);
    else if (closed) return;
    else if (pod.metadata.deletionTimestamp) {
      // Deleted before it was ever started here, or since this process was.
      void retry(
        () => letGo(api, options.home, pod),
        () => !closed,
        (error) => console.error(`pod ${pod.metadata.namespace}/${pod.metadata.name} could not be let go:`, error),
      );
    } else {
      const started = runPod({ ...options, recorder, volumes, hostIP: address }, pod);
      pods.set(uid, started);
      if (!isOver(pod)) emptyDirs.watch(pod, started.evict);
    }
  });

  function close(): void {
    closed = true;
    stopWatch();
    volumes.close();
    emptyDirs.close();
    deregister();
  }

  return {
    pod: (uid) => pods.get(uid),
    close,
    async crash() {
      close();
      const runners = [...pods.values()];
      pods.clear();
      await Promise.all(runners.map((runner) => runner.crash()));
    },
    async stopContainers(native, graceMs) {
      await Promise.all([...pods.values()].map((runner) => runner.stop(native, graceMs)));
      await recorder.flush();
    },
  };
}
