import { configMap } from './config-map.ts';
import { controllerRevision } from './controller-revision.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment } from './deployment.ts';
import { endpointSlice } from './endpoint-slice.ts';
import { event } from './event.ts';
import { faultBlock } from './fault-block.ts';
import { fault } from './fault.ts';
import { externalMetric } from './external-metric.ts';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { job } from './job.ts';
import type { Kind } from './kind.ts';
import { lease } from './lease.ts';
import { namespace } from './namespace.ts';
import { networkPolicy } from './network-policy.ts';
import { node } from './node.ts';
import { persistentVolumeClaim } from './persistent-volume-claim.ts';
import { persistentVolume } from './persistent-volume.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { pod } from './pod/pod.ts';
import { clusterRoleBinding, roleBinding } from './rbac/role-binding.ts';
import { clusterRole, role } from './rbac/role.ts';
import { replicaSet } from './replica-set.ts';
import { secret } from './secret.ts';
import { serviceAccount } from './service-account.ts';
import { service } from './service/service.ts';
import { statefulSet } from './stateful-set.ts';
import { storageClass } from './storage-class.ts';

/** Every kind the API serves, in the order discovery names them. */
export const kinds: Kind[] = [
  configMap,
  event,
  namespace,
  node,
  persistentVolume,
  persistentVolumeClaim,
  pod,
  secret,
  service,
  serviceAccount,
  deployment,
  replicaSet,
  statefulSet,
  daemonSet,
  controllerRevision,
  job,
  lease,
  podDisruptionBudget,
  horizontalPodAutoscaler,
  externalMetric,
  clusterRole,
  clusterRoleBinding,
  role,
  roleBinding,
  endpointSlice,
  networkPolicy,
  storageClass,
  fault,
  faultBlock,
];
