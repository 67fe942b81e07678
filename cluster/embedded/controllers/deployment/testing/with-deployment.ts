import type { Api } from '../../../apiserver/api.ts';
import type { ReplicaSet } from '../../../kinds/types.ts';
import { emptyCluster, podTemplate, run, testContext, webDeployment } from '../../../testing/controller-fixture.ts';
import { reconcileReplicaSet } from '../../replica-set/replica-set-controller.ts';
import { reconcileDeployment } from '../deployment-controller.ts';

/** A Deployment `shop/web`, and what brings it forward. */
export async function withDeployment(spec: object = {}) {
  const api = await emptyCluster();
  await api.create('Deployment', webDeployment(spec));
  const context = testContext(api);
  const { events } = context;
  const reconcile = () => reconcileDeployment(context, 'shop/web');
  /** Lets the ReplicaSets act, and every pod become ready, or end once it is deleted. */
  const settle = async (ready = true) => {
    for (const { metadata } of await replicaSets(api))
      await reconcileReplicaSet(testContext(api), `shop/${metadata.name}`);
    for (const pod of (await api.list('Pod')).items) {
      if (pod.metadata.deletionTimestamp) {
        await api.delete('Pod', pod.metadata.name, 'shop', { gracePeriodSeconds: 0 });
      } else if (ready) await run(api, pod, true);
    }
    for (const { metadata } of await replicaSets(api))
      await reconcileReplicaSet(testContext(api), `shop/${metadata.name}`);
  };
  const rollout = async () => {
    for (let i = 0; i < 20; i++) {
      await reconcile();
      await settle();
    }
  };
  return { api, context, events, reconcile, settle, rollout };
}

export const replicaSets = async (api: Api): Promise<ReplicaSet[]> => (await api.list('ReplicaSet')).items;
/** Replicas asked for, in order. */
export const sizes = async (api: Api) =>
  (await replicaSets(api)).map(({ spec }) => spec!.replicas!).sort((a, b) => a - b);
export const web = (api: Api) => api.get('Deployment', 'web', 'shop');
export const newImage = (version: string) => ({ spec: { template: podTemplate(version) } });
export const condition = async (api: Api, type: string) =>
  (await web(api)).status?.conditions?.find((candidate) => candidate.type === type);
