import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { invalid, ok, refused } from '../expect.ts';
import { deployment, idle } from '../objects.ts';

const budgets = ({ namespace }: World) => `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
const budget = (spec: object, name = 'some', app = 'some') => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { selector: { matchLabels: { app } }, ...spec },
});

/** A Deployment of ready pods under a budget, once that counts them. Answers the names of the pods. */
async function guarded(world: World, replicas: number, spec: object, code = idle, container: object = {}) {
  const { api, core, apps } = world;
  ok(await api.post(apps('deployments'), deployment('some', replicas, code, {}, container)));
  ok(await api.post(budgets(world), budget(spec)));
  const ready = container === unready ? 0 : replicas;
  return eventually('the budget counts the pods', async () => {
    const { items } = ok(await api.get(core('pods')));
    const { status } = ok(await api.get(`${budgets(world)}/some`));
    const running = items.filter(({ status: { phase } }: Json) => phase === 'Running');
    if (running.length < replicas || status?.currentHealthy !== ready || status.expectedPods !== replicas) return null;
    return items.map(({ metadata }: Json) => metadata.name as string);
  });
}

const unready = { readinessProbe: { tcpSocket: { port: 9 }, periodSeconds: 1 } };
const evict = ({ api, core }: World, name: string, more: object = {}) =>
  api.post(core(`pods/${name}/eviction`), { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...more });
const status = async (world: World) => ok(await world.api.get(`${budgets(world)}/some`)).status;

export const disruption = topic('disruption', {
  'a budget says how many pods may go': async (world) => {
    await guarded(world, 3, { minAvailable: 2 });
    const { disruptionsAllowed, desiredHealthy, conditions, observedGeneration } = await status(world);
    assert.deepEqual([disruptionsAllowed, desiredHealthy, observedGeneration], [1, 2, 1]);
    const allowed = conditions.find(({ type }: Json) => type === 'DisruptionAllowed');
    assert.deepEqual([allowed.status, allowed.reason], ['True', 'SufficientPods']);
  },
  'a share is of the wanted replicas, rounded up': async (world) => {
    await guarded(world, 3, { minAvailable: '50%' });
    assert.equal((await status(world)).desiredHealthy, 2);
    ok(await world.api.post(budgets(world), budget({ maxUnavailable: '50%' }, 'other')));
    await eventually('the other counts', async () => {
      const other = ok(await world.api.get(`${budgets(world)}/other`)).status;
      return other?.expectedPods === 3 && other.desiredHealthy === 1;
    });
  },
  'an eviction that the budget permits deletes the pod, and is counted': async (world) => {
    const [name] = await guarded(world, 3, { maxUnavailable: 1 });
    assert.equal((await evict(world, name!)).status, 201);
    assert.equal((await status(world)).disruptionsAllowed, 0);
    const { status: code, body } = await world.api.get(world.core(`pods/${name}`));
    assert.ok(code === 404 || body.metadata.deletionTimestamp);
    await eventually('a new pod makes up for it', async () => (await status(world)).disruptionsAllowed === 1);
  },
  'an eviction beyond the budget is 429, with the budget as its cause': async (world) => {
    const [name] = await guarded(world, 2, { minAvailable: 2 });
    const { message, details } = refused(await evict(world, name!), 429, 'TooManyRequests');
    assert.equal(message, "Cannot evict pod as it would violate the pod's disruption budget.");
    assert.deepEqual(details.causes, [
      {
        reason: 'DisruptionBudget',
        message: 'The disruption budget some needs 2 healthy pods and has 2 currently',
      },
    ]);
    ok(await world.api.get(world.core(`pods/${name}`)));
  },
  'of evictions at once only as many as the budget permits go through': async (world) => {
    const names = await guarded(world, 4, { maxUnavailable: 1 });
    const answers = await Promise.all(names.map((name: string) => evict(world, name)));
    const codes = answers.map((answer) => answer.status).sort();
    assert.deepEqual(codes, [201, 429, 429, 429]);
  },
  'a dry run takes nothing off the budget': async (world) => {
    const [name] = await guarded(world, 2, { maxUnavailable: 1 });
    const answer = await evict(world, name!, { deleteOptions: { dryRun: ['All'] } });
    assert.equal(answer.status, 201);
    assert.equal((await status(world)).disruptionsAllowed, 1);
    assert.equal(ok(await world.api.get(world.core(`pods/${name}`))).metadata.deletionTimestamp, undefined);
  },
  'a pod that is not ready is held too while the budget is not healthy': async (world) => {
    const [name] = await guarded(world, 1, { minAvailable: 1 }, idle, unready);
    refused(await evict(world, name!), 429, 'TooManyRequests');
  },
  'a pod that is not ready may always go where the policy says so': async (world) => {
    const spec = { minAvailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' };
    const [name] = await guarded(world, 1, spec, idle, unready);
    assert.equal((await evict(world, name!)).status, 201);
  },
  'a pod without a budget can be evicted': async (world) => {
    const { api, core } = world;
    ok(await api.post(world.apps('deployments'), deployment('some', 1)));
    const name = await eventually('the pod runs', async () => {
      const [one] = ok(await api.get(core('pods'))).items;
      return one?.status.phase === 'Running' && one.metadata.name;
    });
    assert.equal((await evict(world, name)).status, 201);
  },
  'two budgets over one pod are an error at its eviction': async (world) => {
    const [name] = await guarded(world, 2, { maxUnavailable: 1 });
    ok(await world.api.post(budgets(world), budget({ maxUnavailable: 1 }, 'other')));
    const answer = await evict(world, name!);
    assert.equal(answer.status, 500);
    assert.match(answer.body.message, /more than one PodDisruptionBudget/);
  },
  'a budget has either a minimum or a maximum, as a number or a share': async (world) => {
    const post = (spec: object) => world.api.post(budgets(world), budget(spec));
    invalid(await post({ minAvailable: 1, maxUnavailable: 1 }), 'spec');
    invalid(await post({ minAvailable: -1 }), 'spec.minAvailable');
    invalid(await post({ maxUnavailable: 'half' }), 'spec.maxUnavailable');
    invalid(await post({ maxUnavailable: '101%' }), 'spec.maxUnavailable');
  },
  'a Table of budgets has the columns that kubectl prints': async (world) => {
    ok(await world.api.post(budgets(world), budget({ minAvailable: '50%' })));
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { columnDefinitions, rows } = ok(await world.api.get(budgets(world), { accept }));
    const names = columnDefinitions.map(({ name }: Json) => name);
    assert.deepEqual(names, ['Name', 'Min Available', 'Max Unavailable', 'Allowed Disruptions', 'Age']);
    assert.deepEqual(rows[0].cells.slice(0, 4), ['some', '50%', 'N/A', 0]);
  },
});
