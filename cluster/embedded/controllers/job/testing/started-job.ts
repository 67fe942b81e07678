import type { Api } from '../../../apiserver/api.ts';
import { timestamp } from '../../../kinds/timestamp.ts';
import type { Job, Pod } from '../../../kinds/types.ts';
import { emptyCluster, podTemplate, testContext, type TestContext } from '../../../testing/controller-fixture.ts';
import { reconcileJob } from '../job-controller.ts';

const key = 'shop/work';

export interface Started {
  api: Api;
  context: TestContext;
  reconcile: () => Promise<number | void>;
}

/** A Job, after its first look. */
export async function startJob(spec: object = {}, restartPolicy = 'Never'): Promise<Started> {
  const api = await emptyCluster();
  const template = { spec: { ...podTemplate().spec, restartPolicy } };
  await api.create('Job', { metadata: { name: 'work', namespace: 'shop' }, spec: { template, ...spec } } as Job);
  const context = testContext(api);
  const reconcile = () => reconcileJob(context, key);
  await reconcile();
  return { api, context, reconcile };
}

export const jobOf = (api: Api) => api.get('Job', 'work', 'shop');
export const statusOf = async (api: Api) => (await jobOf(api)).status!;
export const pods = async (api: Api): Promise<Pod[]> => (await api.list('Pod', { namespace: 'shop' })).items;
export const running = async (api: Api) =>
  (await pods(api)).filter(({ status }) => (status?.phase ?? 'Pending') === 'Pending');
export const conditions = async (api: Api) =>
  ((await statusOf(api)).conditions ?? []).map(({ type, status, reason }) => `${type} ${status} ${reason}`);

/** Stands for the kubelet: the pod's only container has ended now. */
export async function finish({ api, context }: Started, pod: Pod, phase: 'Succeeded' | 'Failed'): Promise<void> {
  const finishedAt = timestamp(context.now());
  const exitCode = phase === 'Failed' ? 1 : 0;
  const ended = { name: 'web', state: { terminated: { exitCode, finishedAt } } };
  const status = { phase, containerStatuses: [ended] };
  await api.patch('Pod', pod.metadata.name, 'shop', { status } as object, 'status');
}

/** All that runs ends like this, and the Job hears of it. */
export async function finishAll(started: Started, phase: 'Succeeded' | 'Failed'): Promise<number | void> {
  for (const pod of await running(started.api)) await finish(started, pod, phase);
  return started.reconcile();
}
