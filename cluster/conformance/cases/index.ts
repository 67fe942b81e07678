import type { Case } from '../case.ts';
import { access } from './access.ts';
import { serverSideApply } from './apply.ts';
import { autoscaling } from './autoscaling.ts';
import { claims } from './claims.ts';
import { create } from './create.ts';
import { daemonSets } from './daemon-sets.ts';
import { defaults } from './defaults.ts';
import { deletion } from './delete.ts';
import { discovery } from './discovery.ts';
import { disruption } from './disruption.ts';
import { ephemeralContainers } from './ephemeral-containers.ts';
import { limits, metrics } from './limits.ts';
import { listWatch } from './list-watch.ts';
import { hooks } from './hooks.ts';
import { images } from './images.ts';
import { initContainers, sidecars } from './init-containers.ts';
import { jobs } from './jobs.ts';
import { namespaces } from './namespaces.ts';
import { networkPolicies } from './network-policies.ts';
import { nodes } from './nodes.ts';
import { patch } from './patch.ts';
import { podStatus } from './pod-status.ts';
import { pods } from './pods.ts';
import { podStreams } from './pod-streams.ts';
import { probes } from './probes.ts';
import { proxies } from './proxies.ts';
import { read } from './read.ts';
import { scheduling } from './scheduling.ts';
import { serviceAccounts } from './service-accounts.ts';
import { serviceNames } from './service-names.ts';
import { serviceRouting } from './service-routing.ts';
import { services } from './services.ts';
import { sharedVolumes } from './shared-volumes.ts';
import { statefulSets } from './stateful-sets.ts';
import { update } from './update.ts';
import { volumes } from './volumes.ts';
import { watch } from './watch.ts';
import { workloadKinds } from './workload-kinds.ts';
import { workloads } from './workloads.ts';

/** Every behaviour, by topic. */
export const cases: Case[] = [
  ...discovery,
  ...access,
  ...serviceAccounts,
  ...create,
  ...read,
  ...update,
  ...patch,
  ...serverSideApply,
  ...deletion,
  ...watch,
  ...listWatch,
  ...namespaces,
  ...defaults,
  ...workloads,
  ...workloadKinds,
  ...statefulSets,
  ...daemonSets,
  ...jobs,
  ...pods,
  ...podStatus,
  ...images,
  ...initContainers,
  ...sidecars,
  ...hooks,
  ...probes,
  ...podStreams,
  ...ephemeralContainers,
  ...proxies,
  ...services,
  ...serviceNames,
  ...serviceRouting,
  ...networkPolicies,
  ...volumes,
  ...sharedVolumes,
  ...claims,
  ...nodes,
  ...scheduling,
  ...disruption,
  ...limits,
  ...metrics,
  ...autoscaling,
];
