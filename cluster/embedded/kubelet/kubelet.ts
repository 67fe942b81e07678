import type { Api } from '../apiserver/api.ts';
import type { Pod } from '../kinds/types.ts';
import type { PodNetwork } from '../network/pod-network.ts';
import { isConflict, isNotFound } from '../reconcile/api-errors.ts';
import { startEventRecorder } from '../reconcile/events.ts';
import { registerNode } from './node-registration.ts';
import { runPod, type PodRunner } from './pod-runner.ts';
import type { ProcessTable } from './process-table.ts';
import type { StartSlots } from './start-slots.ts';

/** Runs the pods of one node as processes of this machine, and tells the API how they are. */
export interface Kubelet {
  /** The pod by its uid, if it lives on this node. */
  pod(uid: string): PodRunner | undefined;
  /** Takes no more pods and lets go of its node; the containers go on. */
  close(): void;
  /** Ends the containers of the shop first, then (`native`) the backing services they use. */
  stopContainers(native: boolean, graceMs: number): Promise<void>;
}

export interface KubeletOptions {
  api: Api;
  network: PodNetwork;
  processes: ProcessTable;
  /** Of the machine, which all nodes share. */
  slots: StartSlots;
  /** BREAKWATER_HOME, absolute. */
  home: string;
  /** Whether images may run what a manifest gives them. */
  anyProgram: boolean;
  nodeName: string;
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
  const pods = new Map<string, PodRunner>();
  let closed = false;

  const stopWatch = api.watch('Pod', { fieldSelector: `spec.nodeName=${nodeName}` }, ({ type, object: pod }) => {
    const uid = pod.metadata.uid!;
    const runner = pods.get(uid);
    if (type === 'DELETED') {
      pods.delete(uid);
      runner?.vanish().catch((error: unknown) => console.error(`end of pod ${pod.metadata.name}:`, error));
    } else if (runner) runner.update(pod);
    else if (closed) return;
    else if (pod.metadata.deletionTimestamp) void letGo(api, pod);
    else pods.set(uid, runPod({ ...options, recorder, hostIP: address }, pod));
  });

  return {
    pod: (uid) => pods.get(uid),
    close() {
      closed = true;
      stopWatch();
      deregister();
    },
    async stopContainers(native, graceMs) {
      await Promise.all([...pods.values()].map((runner) => runner.stop(native, graceMs)));
      await recorder.flush();
    },
  };
}

/** Deleted before it was ever started here. */
async function letGo(api: Api, pod: Pod): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  try {
    await api.delete('Pod', name, namespace, { gracePeriodSeconds: 0, uid });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) console.error(`pod ${namespace}/${name} could not be let go:`, error);
  }
}
