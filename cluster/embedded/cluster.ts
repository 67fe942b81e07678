import { mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildTelemetry } from '../shop/telemetry/build.ts';
import type { Api } from './apiserver/api.ts';
import { startApiServer } from './apiserver/start.ts';
import { startControllers } from './controllers/index.ts';
import { DataPlaneWatch } from './data-plane-watch.ts';
import { telemetryBundle } from './images/breakwater-service.ts';
import { localImagesFolder } from './images/local-image.ts';
import { openPodFaults } from './kubelet/faults/pod-faults.ts';
import { startKubelet } from './kubelet/kubelet.ts';
import { hostIpAnnotation } from './kubelet/node-registration.ts';
import { nodeProxy } from './kubelet/node-proxy.ts';
import { isOver } from './kubelet/pod-worker/restore.ts';
import { endLeftovers, openProcessTable } from './kubelet/process-table.ts';
import { clusterMark } from './kubelet/process-tree.ts';
import { openContainerResources, type ContainerResources } from './kubelet/resources/container-resources.ts';
import { sleep } from './kubelet/sleep.ts';
import { startSlots } from './kubelet/start-slots.ts';
import { nodeLogs, nodesLogs, removeNodePath } from './kubelet/volumes/folders.ts';
import type { RequestToken } from './kubelet/volumes/token-cache.ts';
import { HOST_IP, nodeAddress } from './network/addresses.ts';
import { startNodeAgents } from './node-agents/index.ts';
import { startPodNetwork } from './network/start-pod-network.ts';
import { startReaper } from './reaper.ts';
import { startScheduler } from './scheduler/scheduler.ts';
import { startVirtualNodes, type VirtualNodes } from './virtual-nodes.ts';

/** How long the shop's containers may drain at a stop, and then the databases under them, in ms. */
const drainMs = 1200;
const settleMs = 500;

export interface Cluster {
  api: Api;
  /** Path of a kubeconfig that leads here. */
  kubeconfig: string;
  /** Ends every container, gracefully as far as two seconds go, and then itself. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** BREAKWATER_HOME, absolute. Only one cluster at a time may live there. */
  home: string;
  /** Permits images that run whatever program a manifest gives them. */
  anyProgram: boolean;
  /** How many nodes share the machine: node-1 and on. */
  nodes: number;
  onProgress?: (phase: string, detail: string) => void;
}

/**
 * Puts the cluster together.
 *
 * @throws DatabaseError when its state cannot be opened, or another cluster has it open; PortError, CredentialsError
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { home, anyProgram, nodes, onProgress = () => {} } = options;
  onProgress('api', 'starting');
  await mkdir(localImagesFolder(home), { recursive: true });
  let virtual: VirtualNodes | undefined;
  const kubelets = () => virtual?.kubelets() ?? [];
  const dataPlane = new DataPlaneWatch();
  let resources: ContainerResources | undefined;
  const [server, network] = await Promise.all([
    startApiServer({
      home,
      nodeProxy: nodeProxy(kubelets, (uid) => resources?.podUsage(uid) ?? null),
    }),
    startPodNetwork({ home, onExit: (error) => dataPlane.died(error) }),
    buildTelemetry(telemetryBundle(home)),
  ]);
  const api = server.api.as('system:kube-controller-manager');
  // The API server has the state open, and nobody else can: what is left over in this home is ours to end.
  const table = join(home, 'run', 'processes.json');
  const leftovers = endLeftovers(table, home);
  if (leftovers > 0) onProgress('api', `ended ${leftovers} processes of an earlier run`);
  const reaper = startReaper(clusterMark(home));
  const processes = openProcessTable(table, reaper);
  dataPlane.begin(network, processes);
  const limits = (resources = openContainerResources(home));
  const faults = openPodFaults({ home, processes, resources: limits });
  await forgetFormerPods(api, home, await forgetFormerNodes(api, nodes));

  onProgress('nodes', 'registering');
  const requestToken: RequestToken = async (
    { metadata: { name, uid, namespace }, spec },
    { audience, expirationSeconds },
  ) => {
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name, uid };
    const asked = { expirationSeconds, boundObjectRef, ...(audience && { audiences: [audience] }) };
    return (await server.tokens.issue(spec?.serviceAccountName ?? 'default', namespace!, asked)).status;
  };
  const slots = startSlots(Math.max(2, availableParallelism()));
  const names = Array.from({ length: nodes }, (_, index) => nodeName(index));
  const present = (virtual = await startVirtualNodes(names, (name) =>
    startKubelet({
      api: server.api.as(`system:node:${name}`, 'kubelet'),
      network,
      processes,
      slots,
      resources: limits,
      faults,
      home,
      anyProgram,
      requestToken,
      nodeName: name,
      address: nodeAddress(names.indexOf(name)),
      hostAddress: HOST_IP,
      nodes,
    }),
  ));
  const loops = [
    ...startControllers({
      ...{
        api,
        network,
        processes: faults,
        nodes: present,
        caCertificate: server.caCertificate,
        apiPort: Number(new URL(server.url).port),
      },
      removeFolder: (path) => removeNodePath(home, path),
      podUsage: ({ metadata }) => limits.podUsage(metadata.uid!),
    }),
    ...startNodeAgents({ api, network, hostAddress: HOST_IP }),
    startScheduler(server.api.as('system:kube-scheduler')),
  ];
  onProgress('nodes', `${nodes} ready`);

  return {
    api,
    kubeconfig: server.kubeconfig,
    async stop() {
      for (const kubelet of kubelets()) kubelet.close();
      await faults.close();
      const closed = Promise.all(loops.map((loop) => loop.close()));
      for (const [native, graceMs] of [
        [false, drainMs],
        [true, settleMs],
      ] as const) {
        await Promise.all(kubelets().map((kubelet) => kubelet.stopContainers(native, graceMs)));
      }
      await Promise.race([closed, sleep(settleMs)]);
      resources?.close();
      await server.close();
      await network.close();
      dataPlane.end();
      // Nothing should be listed any more; what is all the same must not stay.
      await reaper.end();
    },
  };
}

function nodeName(index: number): string {
  return `node-${index + 1}`;
}

/** Nodes of a former run that had more of them than this one: nobody would ever say again that they live. Answers their names. */
async function forgetFormerNodes(api: Api, nodes: number): Promise<Set<string>> {
  const forgotten = new Set<string>();
  const present = new Set(Array.from({ length: nodes }, (_, index) => nodeName(index)));
  for (const { metadata } of (await api.list('Node')).items) {
    const isOurs = metadata.annotations?.[hostIpAnnotation] !== undefined;
    if (!isOurs || present.has(metadata.name)) continue;
    await api.delete('Node', metadata.name);
    forgotten.add(metadata.name);
  }
  return forgotten;
}

/**
 * The processes of the former run died with its cluster process, and with them the network identity each had proved itself with. A pod
 * that has a controller is deleted, as those of a node that is lost: its controller makes a new one. A bare one is its kubelet's to
 * start again, as after a reboot of its node. What has ended stays, with its log: it is not run again. On a node that is gone nothing stays.
 */
async function forgetFormerPods(api: Api, home: string, goneNodes: Set<string>): Promise<void> {
  const kept = new Set<string>();
  for (const pod of (await api.list('Pod')).items) {
    const { uid, name, namespace, deletionTimestamp, ownerReferences } = pod.metadata;
    const isBare = !deletionTimestamp && !ownerReferences?.some(({ controller }) => controller);
    if (!goneNodes.has(pod.spec?.nodeName ?? '') && (isOver(pod) || isBare)) kept.add(uid!);
    else await api.delete('Pod', name, namespace, { gracePeriodSeconds: 0 });
  }
  for (const node of goneNodes) await rm(nodeLogs(home, node), { recursive: true, force: true });
  const nodes = await namesIn(nodesLogs(home));
  for (const folder of [join(home, 'pods'), ...nodes.map((node) => join(nodeLogs(home, node), 'pods'))]) {
    for (const entry of await namesIn(folder)) {
      // `<uid>`, or `<namespace>_<name>_<uid>`.
      if (!kept.has(entry.slice(entry.lastIndexOf('_') + 1))) {
        await rm(join(folder, entry), { recursive: true, force: true });
      }
    }
  }
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
