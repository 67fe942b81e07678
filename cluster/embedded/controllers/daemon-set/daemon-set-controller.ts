import type { Api } from '../../apiserver/api.ts';
import type { DaemonSet, Pod } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { claim } from '../../reconcile/claim.ts';
import { forgetRevisions, hashOf, podRevisionLabel, syncRevisions } from '../../reconcile/controller-revisions.ts';
import { keyOf, splitKey, type Watches } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { createPod, deletePod } from '../../reconcile/pod-control.ts';
import { untilNextAvailable } from '../../reconcile/pod-state.ts';
import { writeStatus } from '../../reconcile/write-status.ts';
import { podFor } from './eligible-nodes.ts';
import { daemonSetStatus, plan, type Situation } from './plan.ts';

/** A pod that fails is made anew after so long, so that one that cannot run is not made in a loop; in ms. */
const failedPodsMs = 1_000;

/** Keeps one pod of a DaemonSet on every node that it is for. */
export const startDaemonSetController = defineController({
  name: 'daemonset',
  for: 'DaemonSet',
  owns: ['Pod', 'ControllerRevision'],
  maps: nodes,
  reconcile: reconcileDaemonSet,
});

/** What changes at a node may concern every DaemonSet; kubelets write a node's status often, which concerns none. */
function nodes(): Watches {
  const daemonSets = new Set<string>();
  const seen = new Map<string, string>();
  return {
    DaemonSet(daemonSet, type) {
      if (type === 'DELETED') daemonSets.delete(keyOf(daemonSet));
      else daemonSets.add(keyOf(daemonSet));
      return null;
    },
    Node({ metadata, spec }, type) {
      const matters = JSON.stringify([metadata.labels, spec?.taints]);
      const isNews = type !== 'MODIFIED' || seen.get(metadata.name) !== matters;
      seen.set(metadata.name, matters);
      return isNews ? [...daemonSets] : null;
    },
  };
}

export async function reconcileDaemonSet(context: Context, key: string): Promise<number | void> {
  const { api, now } = context;
  const { namespace, name } = splitKey(key);
  const daemonSet = await orNull(api.get('DaemonSet', name, namespace));
  if (!daemonSet || daemonSet.metadata.deletionTimestamp) return;
  const revisions = await syncRevisions(api, daemonSet);
  const hash = hashOf(daemonSet, revisions.at(-1)!);
  const situation = async (): Promise<Situation> => ({
    ...{ daemonSet, hash, now: now() },
    ...{ nodes: (await api.list('Node')).items, pods: await podsOf(api, daemonSet) },
  });

  const todo = plan(await situation());
  const recent = todo.failed.filter((pod) => failedPodsMs > now() - Date.parse(pod.metadata.creationTimestamp ?? ''));
  let failure: unknown;
  try {
    for (const pod of todo.failed.filter((one) => !recent.includes(one))) {
      const message = `Found failed daemon pod ${namespace}/${pod.metadata.name} on node ${pod.spec?.nodeName}, will try to kill it`;
      context.events.event({ object: daemonSet }, 'Warning', 'FailedDaemonPod', message);
    }
    for (const pod of todo.delete) if (!recent.includes(pod)) await deletePod(context, daemonSet, pod);
    for (const node of todo.create) await createPod(context, daemonSet, podFor(daemonSet, node, hash));
  } catch (error) {
    // The status has to tell how far it came all the same.
    failure = error;
  }
  const after = await situation();
  await writeStatus<'DaemonSet'>(api, daemonSet, daemonSetStatus(after));
  if (failure) throw failure as Error;
  const live = new Set([hash, ...after.pods.map(({ metadata }) => metadata.labels?.[podRevisionLabel])]);
  await forgetRevisions(api, daemonSet, revisions, (revision) => live.has(hashOf(daemonSet, revision)));
  const wait = untilNextAvailable(after.pods, daemonSet.spec?.minReadySeconds ?? 0, now());
  return recent.length > 0 ? Math.min(failedPodsMs, wait ?? Infinity) : wait;
}

async function podsOf(api: Api, daemonSet: DaemonSet): Promise<Pod[]> {
  const { items } = await api.list('Pod', { namespace: daemonSet.metadata.namespace });
  return claim(api, daemonSet, 'Pod', items);
}
