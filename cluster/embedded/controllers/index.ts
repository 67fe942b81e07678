import type { NodePower, PodProcesses } from '../../faults/drivers/driver.ts';
import type { Api, PodUsage } from '../apiserver/api.ts';
import type { Pod } from '../kinds/types.ts';
import type { PodNetwork } from '../network/pod-network.ts';
import type { Running } from '../reconcile/controller.ts';
import { startDaemonSetController } from './daemon-set/daemon-set-controller.ts';
import { startDeploymentController } from './deployment/deployment-controller.ts';
import { startDisruptionController } from './disruption/disruption-controller.ts';
import { startEndpointSliceController } from './endpoint-slice/endpoint-slice-controller.ts';
import { startEventExpiry } from './event-expiry/event-expiry.ts';
import { startFaultController } from './faults/start.ts';
import { startGarbageCollector } from './garbage-collector/garbage-collector.ts';
import { startHorizontalPodAutoscalerController } from './horizontal-pod-autoscaler/horizontal-pod-autoscaler-controller.ts';
import { startJobController } from './job/job-controller.ts';
import { startKubernetesService } from './kubernetes-service/kubernetes-service.ts';
import { startNamespaceController } from './namespace/namespace-controller.ts';
import { startNodeLifecycleController } from './node-lifecycle/node-lifecycle-controller.ts';
import { startClaimController } from './persistent-volume/claim-controller.ts';
import { startVolumeController, type RemoveFolder } from './persistent-volume/volume-controller.ts';
import { startPodGarbageCollector } from './pod-garbage-collector/orphaned-pods.ts';
import { startReplicaSetController } from './replica-set/replica-set-controller.ts';
import { startRootCaCertPublisher } from './root-ca-cert-publisher/root-ca-cert-publisher.ts';
import { startServiceAccountController } from './service-account/service-account-controller.ts';
import { startStatefulSetController } from './stateful-set/stateful-set-controller.ts';
import { startTaintEvictionController } from './taint-eviction/taint-eviction-controller.ts';
import { startTtlAfterFinished } from './ttl-after-finished/ttl-after-finished.ts';

/** What controllers stand on. */
export interface ControllerServices {
  api: Api;
  /** PEM; by which the API server is trusted. */
  caCertificate: string;
  /** Where it listens, of the machine. */
  apiPort: number;
  /** What carries out network faults. */
  network: PodNetwork;
  /** What carries out faults on the processes of pods. */
  processes: PodProcesses;
  /** What takes nodes away and gives them back. */
  nodes: NodePower;
  /** Takes away what a volume that nobody wants any more has held. */
  removeFolder: RemoveFolder;
  /** What the pod's containers use; null as long as that is not known. */
  podUsage(pod: Pod): PodUsage | null;
}

/** Every controller there is; each in a folder of its own. */
const controllers: ((services: ControllerServices) => Running)[] = [
  startDeploymentController,
  startReplicaSetController,
  startStatefulSetController,
  startDaemonSetController,
  startJobController,
  startTtlAfterFinished,
  startEndpointSliceController,
  startKubernetesService,
  startNamespaceController,
  startNodeLifecycleController,
  startTaintEvictionController,
  startDisruptionController,
  startHorizontalPodAutoscalerController,
  startServiceAccountController,
  startRootCaCertPublisher,
  startClaimController,
  startVolumeController,
  startPodGarbageCollector,
  startEventExpiry,
  startGarbageCollector,
  startFaultController,
];

export function startControllers(services: ControllerServices): Running[] {
  return controllers.map((start) => start(services));
}
