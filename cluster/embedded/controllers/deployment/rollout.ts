import type { Api } from '../../apiserver/api.ts';
import type { Deployment, ReplicaSet } from '../../kinds/types.ts';
import type { Context } from '../../reconcile/define-controller.ts';
import { isControlledBy } from '../../reconcile/owner.ts';
import { createReplicaSet } from './new-replica-set.ts';
import { hasEnded } from '../../reconcile/pod-state.ts';
import { scaledSizes } from './proportional-scaling.ts';
import { countOf, newReplicas, oldReplicas, rolloutBounds } from './rolling-update.ts';
import { scale } from './scale-replica-set.ts';

/** The ReplicaSets of a Deployment. */
export interface ReplicaSets {
  /** Runs the Deployment's template; null while there is none. */
  current: ReplicaSet | null;
  /** The others, oldest first. */
  old: ReplicaSet[];
}

/** One step of a rollout; answers the ReplicaSets as they are then. */
type Step = (context: Context, deployment: Deployment, sets: ReplicaSets) => Promise<ReplicaSets>;

/** Gives the ReplicaSets the sizes that scaling asks for; the rollout stays where it is. */
export const resize: Step = async (context, deployment, sets) => {
  const sizes = scaledSizes(deployment, sets.current, sets.old);
  const resized = async (replicaSet: ReplicaSet) => {
    const size = sizes.get(replicaSet);
    return size === undefined ? replicaSet : scale(context, deployment, replicaSet, size);
  };
  return { current: sets.current && (await resized(sets.current)), old: await inTurn(sets.old, resized) };
};

/** Ends all old pods, and starts new ones when the last of them is gone. */
export const recreate: Step = async (context, deployment, { current, old }) => {
  const ending = await inTurn(old, (replicaSet) => scale(context, deployment, replicaSet, 0));
  if (await somePodLives(context.api, deployment, ending)) return { current, old: ending };
  const created = current ?? (await createReplicaSet(context.api, deployment, old));
  const desired = deployment.spec?.replicas ?? 1;
  return { current: await scale(context, deployment, created, desired), old: ending };
};

/** Grows the current ReplicaSet and shrinks the old ones as far as surge and availability allow now. */
export const rollOn: Step = async (context, deployment, { current, old }) => {
  const bounds = rolloutBounds(deployment);
  const created = current ?? (await createReplicaSet(context.api, deployment, old));
  const grown = await scale(context, deployment, created, newReplicas(bounds, countOf(created), old.map(countOf)));
  const kept = oldReplicas(bounds, countOf(grown), old.map(countOf));
  const shrunk = await inTurn(old, (replicaSet, i) => scale(context, deployment, replicaSet, kept[i]!));
  return { current: grown, old: shrunk };
};

/** Recreate promises that no two versions run at the same time: a pod that is still ending counts. */
async function somePodLives(api: Api, deployment: Deployment, old: ReplicaSet[]): Promise<boolean> {
  if (old.some(({ status }) => status?.replicas)) return true;
  const { items } = await api.list('Pod', { namespace: deployment.metadata.namespace });
  return items.some((pod) => !hasEnded(pod) && old.some((replicaSet) => isControlledBy(pod, replicaSet)));
}

/** One after the other, so that the Events tell the order. */
async function inTurn(
  replicaSets: ReplicaSet[],
  change: (replicaSet: ReplicaSet, i: number) => Promise<ReplicaSet>,
): Promise<ReplicaSet[]> {
  const changed: ReplicaSet[] = [];
  for (const [i, replicaSet] of replicaSets.entries()) changed.push(await change(replicaSet, i));
  return changed;
}
