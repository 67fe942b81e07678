import type { Api } from '../../apiserver/api.ts';
import type { ControllerRevision, Pod, StatefulSet } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { claim } from '../../reconcile/claim.ts';
import { forgetRevisions, syncRevisions } from '../../reconcile/controller-revisions.ts';
import { splitKey } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { createPod, deletePod } from '../../reconcile/pod-control.ts';
import { untilNextAvailable } from '../../reconcile/pod-state.ts';
import { writeStatus } from '../../reconcile/write-status.ts';
import { ensureClaims, giveClaimsOwners } from './claims.ts';
import { ordinalOf, podFor } from './identity.ts';
import { plan, revisionOf, type Situation, type Step } from './plan.ts';
import { statefulSetStatus } from './stateful-set-status.ts';

/** Gives each pod of a StatefulSet a number, and with it a name and a host name that the next one in its place has too. */
export const startStatefulSetController = defineController({
  name: 'statefulset',
  for: 'StatefulSet',
  owns: ['Pod', 'ControllerRevision'],
  reconcile: reconcileStatefulSet,
});

export async function reconcileStatefulSet(context: Context, key: string): Promise<number | void> {
  const { api, now } = context;
  const { namespace, name } = splitKey(key);
  const set = await orNull(api.get('StatefulSet', name, namespace));
  if (!set || set.metadata.deletionTimestamp) return;
  const revisions = await syncRevisions(api, set);
  const update = revisions.at(-1)!;
  const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  const situation = async (): Promise<Situation> => ({
    ...{ set, pods: await podsOf(api, set), now: now() },
    ...{ current: current.metadata.name, update: update.metadata.name },
  });

  const before = await situation();
  let failure: unknown;
  try {
    await giveClaimsOwners(api, set, before.pods);
    for (const step of plan(before)) await carryOut(context, set, step, revisions);
  } catch (error) {
    // The status has to tell how far it came all the same.
    failure = error;
  }
  const after = await situation();
  const status = statefulSetStatus(after);
  await writeStatus<'StatefulSet'>(api, set, status);
  if (failure) throw failure as Error;
  const live = new Set([status.currentRevision, status.updateRevision, ...after.pods.map(revisionOf)]);
  await forgetRevisions(api, set, revisions, ({ metadata }) => live.has(metadata.name));
  return untilNextAvailable(after.pods, set.spec?.minReadySeconds ?? 0, now());
}

async function podsOf(api: Api, set: StatefulSet): Promise<Pod[]> {
  const { items } = await api.list('Pod', { namespace: set.metadata.namespace });
  return claim(api, set, 'Pod', items, (pod) => ordinalOf(set, pod) !== null);
}

async function carryOut(
  context: Context,
  set: StatefulSet,
  step: Step,
  revisions: ControllerRevision[],
): Promise<void> {
  if ('create' in step) {
    const revision = revisions.find(({ metadata }) => metadata.name === step.revision)!;
    const { name, template } = podFor(set, step.create, revision);
    await ensureClaims(context, set, step.create);
    await createPod(context, set, template, { name });
    return;
  }
  if (step.because === 'ended') {
    const { namespace, name } = step.delete.metadata;
    const message = `StatefulSet ${namespace}/${set.metadata.name} is recreating failed Pod ${name}`;
    context.events.event({ object: set }, 'Warning', 'RecreatingFailedPod', message);
  }
  await deletePod(context, set, step.delete);
}
