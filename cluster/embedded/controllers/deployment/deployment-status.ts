import { timestamp } from '../../kinds/timestamp.ts';
import type { Deployment, ReplicaSet } from '../../kinds/types.ts';
import { rolloutBounds } from './rolling-update.ts';

type Status = NonNullable<Deployment['status']>;
export type DeploymentCondition = NonNullable<Status['conditions']>[number];

/** Any other condition is somebody else's. */
const ownConditions = ['Available', 'Progressing', 'ReplicaFailure'];

/** What the Deployment's pods amount to, and how its rollout stands, as `kubectl rollout status` reads it. */
export function deploymentStatus(
  deployment: Deployment,
  current: ReplicaSet | null,
  old: ReplicaSet[],
  now: number,
): Status {
  const all = current ? [current, ...old] : old;
  const sum = (member: 'replicas' | 'readyReplicas' | 'availableReplicas') =>
    all.reduce((total, { status }) => total + (status?.[member] ?? 0), 0);
  const desired = deployment.spec?.replicas ?? 1;
  const asked = all.reduce((total, { spec }) => total + (spec?.replicas ?? 0), 0);
  const availableReplicas = sum('availableReplicas');
  const status: Status = {
    ...deployment.status,
    observedGeneration: deployment.metadata.generation,
    replicas: sum('replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas,
    unavailableReplicas: Math.max(0, Math.max(asked, desired) - availableReplicas),
  };
  const conditions = [available(deployment, status), progressing(deployment, status, current, now)];
  const own = conditions
    .filter((condition) => condition !== null)
    .map((condition) => withTimes(condition, deployment.status?.conditions, now));
  const others = (deployment.status?.conditions ?? []).filter(({ type }) => !ownConditions.includes(type));
  status.conditions = [...own, ...replicaFailure(all), ...others];
  return status;
}

/** A condition before it has its times. `touch`: something has moved, so the progress deadline counts from now. */
interface Finding {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  touch?: boolean;
}

function available(deployment: Deployment, status: Status): Finding {
  const bounds = rolloutBounds(deployment);
  return status.availableReplicas! >= bounds.desired - bounds.maxUnavailable
    ? finding('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : finding('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.');
}

function progressing(deployment: Deployment, status: Status, current: ReplicaSet | null, now: number): Finding | null {
  const before = progressingCondition(deployment);
  if (deployment.spec?.paused) return finding('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused');
  const subject = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  const done = finding('Progressing', 'True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`);
  // As upstream: once a rollout is over, pods that crash or come with a new scale are none, and no deadline counts.
  const wasDone = before?.reason === done.reason && before.message === done.message;
  if (isComplete(deployment, status) || (wasDone && status.replicas === status.updatedReplicas)) return done;
  const was = deployment.status ?? {};
  const moved =
    status.updatedReplicas! > (was.updatedReplicas ?? 0) ||
    status.replicas! - status.updatedReplicas! < (was.replicas ?? 0) - (was.updatedReplicas ?? 0) ||
    status.readyReplicas! > (was.readyReplicas ?? 0) ||
    status.availableReplicas! > (was.availableReplicas ?? 0);
  const newGeneration = (was.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0);
  if (moved || newGeneration || !before) {
    return { ...finding('Progressing', 'True', 'ReplicaSetUpdated', `${subject} is progressing.`), touch: true };
  }
  const left = untilDeadline(deployment, now);
  if (left !== null && left <= 0) {
    return finding('Progressing', 'False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`);
  }
  return before as Finding;
}

/** Why a ReplicaSet could not make its pods, or not end them; of several the first, which is the current one. */
function replicaFailure(replicaSets: ReplicaSet[]): DeploymentCondition[] {
  const failure = replicaSets
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  return failure ? [{ ...failure, lastUpdateTime: failure.lastTransitionTime }] : [];
}

/** Milliseconds until a rollout without progress counts as failed; null when none is under way. */
export function untilDeadline(deployment: Deployment, now: number): number | null {
  const progress = progressingCondition(deployment);
  const seconds = deployment.spec?.progressDeadlineSeconds ?? 600;
  if (!progress || progress.status !== 'True' || progress.reason === 'NewReplicaSetAvailable') return null;
  return Date.parse(progress.lastUpdateTime ?? '') + seconds * 1000 - now;
}

export function isComplete(deployment: Deployment, status: Status): boolean {
  const desired = deployment.spec?.replicas ?? 1;
  return status.updatedReplicas === desired && status.replicas === desired && status.availableReplicas === desired;
}

function progressingCondition(deployment: Deployment): DeploymentCondition | undefined {
  return deployment.status?.conditions?.find((condition) => condition.type === 'Progressing');
}

function finding(type: string, status: Finding['status'], reason: string, message: string): Finding {
  return { type, status, reason, message };
}

function withTimes(finding: Finding, earlier: DeploymentCondition[] | undefined, now: number): DeploymentCondition {
  const { touch, ...condition } = finding;
  const time = timestamp(now);
  const before = earlier?.find(({ type }) => type === finding.type);
  const same = before?.status === finding.status && before.reason === finding.reason;
  if (before && same && before.message === finding.message && !touch) return before;
  return {
    ...condition,
    lastUpdateTime: time,
    lastTransitionTime: before?.status === finding.status ? before.lastTransitionTime : time,
  };
}
