import type { Json } from './api.ts';
import type { World } from './case.ts';
import { eventually } from './eventually.ts';
import { ok } from './expect.ts';
import { pod as podObject } from './objects.ts';

/** How a case makes pods and looks at them. A case's pod is called `some` unless it says otherwise. */

export async function make({ api, core }: World, pod: Json): Promise<Json> {
  return ok(await api.post(core('pods'), pod));
}

export async function read({ api, core }: World, name = 'some'): Promise<Json> {
  return ok(await api.get(core(`pods/${name}`)));
}

export function condition({ status }: Json, type: string): Json {
  return status.conditions?.find((one: Json) => one.type === type);
}

/** @param bound how long that may take, in ms, where it is not a minute */
export function inPhase(world: World, phase: string, bound?: number): Promise<Json> {
  const look = async () => {
    const pod = await read(world);
    return pod.status.phase === phase && pod;
  };
  return eventually(`the pod is ${phase}`, look, bound);
}

export function ready(world: World): Promise<Json> {
  return eventually('the pod is ready', async () => {
    const pod = await read(world);
    return condition(pod, 'Ready')?.status === 'True' && pod;
  });
}

/** The status of one of its containers, of either sort. */
export async function container(world: World, name = 'main'): Promise<Json> {
  const { status } = await read(world);
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return all.find((one: Json) => one.name === name);
}

export async function log({ api, core }: World, query = ''): Promise<string> {
  return (await api.get(core(`pods/some/log${query}`))).text;
}

/** The cells of its row in a table, by the column's name: what `kubectl get pods` prints. */
export async function row({ api, core }: World): Promise<Record<string, string>> {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const { columnDefinitions, rows } = ok(await api.get(core('pods/some'), { accept }));
  const cells = columnDefinitions.map(({ name }: Json, index: number) => [name, String(rows[0].cells[index])]);
  return Object.fromEntries(cells);
}

/** The first event with this reason, and this message if it matters. */
export function event({ api, core }: World, reason: string, message?: string): Promise<Json> {
  return eventually(`there is an event ${reason}`, async () => {
    const { items } = ok(await api.get(core('events')));
    return items.find((one: Json) => one.reason === reason && one.message === (message ?? one.message));
  });
}

/** What a program printed that has run once, and ended well. */
export async function output(world: World, code: string, container: object = {}, spec: object = {}): Promise<string> {
  await make(world, podObject('some', code, container, { restartPolicy: 'Never', ...spec }));
  await inPhase(world, 'Succeeded');
  return log(world);
}
