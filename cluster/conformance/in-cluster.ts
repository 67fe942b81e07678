import type { Json } from './api.ts';
import type { World } from './case.ts';
import { eventually } from './eventually.ts';
import { ok } from './expect.ts';
import { pod } from './objects.ts';

/**
 * What a program finds out inside the cluster. `body` is that of an async function; it is run every 100 ms until it no longer
 * throws, and what it returns (JSON) is the answer. `dns` is `node:dns/promises` there.
 */
export async function found(world: World, body: string, spec: object = {}, name = 'asks'): Promise<Json> {
  const code = `
    const dns = require('node:dns/promises');
    const ask = () => (async () => { ${body} })().then(
      (answer) => { console.log(JSON.stringify(answer)); process.exit(0); },
      () => setTimeout(ask, 100));
    ask()`;
  ok(await world.api.post(world.core('pods'), pod(name, code, {}, { restartPolicy: 'Never', ...spec })));
  await eventually(`${name} has an answer`, async () => {
    return ok(await world.api.get(world.core(`pods/${name}`))).status.phase === 'Succeeded';
  });
  return JSON.parse((await world.api.get(world.core(`pods/${name}/log`))).text);
}

/** Waits until a pod is ready; answers the pod. */
export async function ready(world: World, name: string): Promise<Json> {
  return eventually(`${name} is ready`, async () => {
    const some = ok(await world.api.get(world.core(`pods/${name}`)));
    const isReady = some.status.conditions?.some(({ type, status }: Json) => type === 'Ready' && status === 'True');
    return isReady && some;
  });
}
