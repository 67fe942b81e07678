import type { Api } from '../../apiserver/api.ts';
import { scaledValue, type IntOrPercent } from '../../kinds/int-or-percent.ts';
import type { KindName, KubeObject, Pod, PodDisruptionBudget } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { controllerOf } from '../../reconcile/owner.ts';

/** How many pods there should be, and how many of them have to be healthy. */
export interface Expectation {
  expectedPods: number;
  desiredHealthy: number;
}

/** The pods are controlled by something that has no number of replicas, so that a share or a rest of them cannot be told. */
export class NoScaleError extends Error {
  readonly code = 'NoScale';
}

/**
 * As upstream's disruption controller counts: a plain minAvailable goes by the pods there are; everything else by what their
 * controllers want to have.
 * https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 *
 * @throws NoScaleError
 */
export async function expectation(api: Api, { spec }: PodDisruptionBudget, pods: Pod[]): Promise<Expectation> {
  const [minAvailable, maxUnavailable] = [spec?.minAvailable, spec?.maxUnavailable] as (IntOrPercent | undefined)[];
  if (maxUnavailable !== undefined) {
    const expectedPods = await wantedReplicas(api, pods);
    const unavailable = scaledValue(maxUnavailable, expectedPods, Math.ceil);
    return { expectedPods, desiredHealthy: Math.max(0, expectedPods - unavailable) };
  }
  if (typeof minAvailable !== 'string') return { expectedPods: pods.length, desiredHealthy: minAvailable ?? 0 };
  const expectedPods = await wantedReplicas(api, pods);
  return { expectedPods, desiredHealthy: scaledValue(minAvailable, expectedPods, Math.ceil) };
}

/** The replicas of all controllers of the pods; pods without one do not count. */
async function wantedReplicas(api: Api, pods: Pod[]): Promise<number> {
  const byController = new Map<string, number>();
  for (const pod of pods) {
    const controller = controllerOf(pod);
    if (!controller || byController.has(controller.uid)) continue;
    byController.set(controller.uid, 0);
    const scaled = await topController(api, pod);
    if (scaled && !('replicas' in (scaled.spec ?? {}))) {
      throw new NoScaleError(`${scaled.kind} ${scaled.metadata.name} does not implement the scale subresource`);
    }
    if (scaled) byController.set(scaled.metadata.uid!, scaled.spec?.replicas ?? 0);
  }
  return [...byController.values()].reduce((sum, replicas) => sum + replicas, 0);
}

type Scaled = KubeObject & { spec?: { replicas?: number } };

/** A ReplicaSet's number is its Deployment's: during a rollout there are several. */
async function topController(api: Api, object: KubeObject): Promise<Scaled | null> {
  const reference = controllerOf(object);
  if (!reference) return null;
  const found = await orNull(api.get(reference.kind as KindName, reference.name, object.metadata.namespace));
  if (!found || found.metadata.uid !== reference.uid) return null;
  return (await topController(api, found)) ?? (found as Scaled);
}
