import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildTelemetry } from '../shop/telemetry/build.ts';
import type { Api } from './apiserver/api.ts';
import { startApiServer } from './apiserver/start.ts';
import { startControllers } from './controllers/controllers.ts';
import { DataPlaneWatch } from './data-plane-watch.ts';
import { telemetryBundle } from './images/breakwater-service.ts';
import { startKubelet, type Kubelet } from './kubelet/kubelet.ts';
import { nodeProxy } from './kubelet/node-proxy.ts';
import { endLeftovers, openProcessTable } from './kubelet/process-table.ts';
import { sleep } from './kubelet/sleep.ts';
import { startSlots } from './kubelet/start-slots.ts';
import { HOST_IP } from './network/addresses.ts';
import { startPodNetwork } from './network/start-pod-network.ts';
import { startReaper } from './reaper.ts';
import { startScheduler } from './scheduler/scheduler.ts';

const nodes = [
  { nodeName: 'node-1', address: '10.240.0.11' },
  { nodeName: 'node-2', address: '10.240.0.12' },
  { nodeName: 'node-3', address: '10.240.0.13' },
];

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
  onProgress?: (phase: string, detail: string) => void;
}

/**
 * Puts the cluster together.
 *
 * @throws DatabaseError when its state cannot be opened, or another cluster has it open; PortError, CredentialsError
 */
export async function startCluster({ home, anyProgram, onProgress = () => {} }: ClusterOptions): Promise<Cluster> {
  onProgress('api', 'starting');
  const kubelets: Kubelet[] = [];
  const dataPlane = new DataPlaneWatch();
  const [server, network] = await Promise.all([
    startApiServer({ home, nodeProxy: nodeProxy(() => kubelets) }),
    startPodNetwork({ home, onExit: (error) => dataPlane.died(error) }),
    buildTelemetry(telemetryBundle(home)),
  ]);
  const api = server.apiFor('kube-controller-manager');
  // The API server has the state open, and nobody else can: what is left over in this home is ours to end.
  const table = join(home, 'run', 'processes.json');
  const leftovers = endLeftovers(table);
  if (leftovers > 0) onProgress('api', `ended ${leftovers} processes of an earlier run`);
  const reaper = startReaper();
  const processes = openProcessTable(table, reaper);
  dataPlane.begin(network, processes);
  await forgetFormerPods(api, home);

  onProgress('nodes', 'registering');
  const slots = startSlots(Math.max(2, availableParallelism()));
  const started = nodes.map((node) =>
    startKubelet({
      api: server.apiFor('kubelet'),
      network,
      processes,
      slots,
      home,
      anyProgram,
      ...node,
      hostAddress: HOST_IP,
      nodes: nodes.length,
    }),
  );
  kubelets.push(...(await Promise.all(started)));
  const loops = [...startControllers(api, network, HOST_IP), startScheduler(server.apiFor('kube-scheduler'))];
  onProgress('nodes', `${nodes.length} ready`);

  return {
    api,
    kubeconfig: server.kubeconfig,
    async stop() {
      for (const kubelet of kubelets) kubelet.close();
      const closed = Promise.all(loops.map((loop) => loop.close()));
      for (const [native, graceMs] of [
        [false, drainMs],
        [true, settleMs],
      ] as const) {
        await Promise.all(kubelets.map((kubelet) => kubelet.stopContainers(native, graceMs)));
      }
      await Promise.race([closed, sleep(settleMs)]);
      await server.close();
      await network.close();
      dataPlane.end();
      await reaper.close();
    },
  };
}

/**
 * Deletes the pods of the former run. Their processes died with the cluster process, and with them the network identity each
 * had proved itself with; unlike a real kubelet after a restart, ours finds nothing to take up again. Their controllers make
 * new ones, as they do when a node is lost. A bare Pod, without a controller, does not come back.
 */
async function forgetFormerPods(api: Api, home: string): Promise<void> {
  for (const { metadata } of (await api.list('Pod')).items) {
    await api.delete('Pod', metadata.name, metadata.namespace, { gracePeriodSeconds: 0 });
  }
  for (const folder of ['pods', 'logs/pods']) await rm(join(home, folder), { recursive: true, force: true });
}
