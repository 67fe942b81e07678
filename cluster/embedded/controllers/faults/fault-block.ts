import { isOver, type FaultBlockStatus } from '../../../faults/fault-object.ts';
import { namespacesOf, podsIn } from '../../../faults/targets.ts';
import type { Api } from '../../apiserver/api.ts';
import { isNotFound } from '../../reconcile/api-errors.ts';
import type { FaultController } from './fault-controller.ts';
import { worldOf } from './scope.ts';

/** While a namespace is blocked, those who carry out faults are asked that often what acts, in ms. */
const sweepMs = 2_000;

/**
 * Blocked means that nothing acts: ends every fault of the namespace's scope, all at once, then asks those who carry faults out what
 * acts still, ends what nobody has asked for, and writes down what is left as the proof. Waits for nobody longer than
 * twice `patienceMs`; for a commit that is to be reverted half as long again.
 */
export async function reconcileBlock(api: Api, faults: FaultController, namespace: string): Promise<number | void> {
  const blocks = (await api.list('FaultBlock', { namespace })).items;
  if (blocks.length === 0) return;
  const scope = namespacesOf(namespace, (await api.list('Namespace')).items);
  const inScope = (await api.list('Fault')).items.filter(({ metadata }) => scope.has(metadata.namespace!));
  await Promise.all(inScope.filter(({ status }) => !isOver(status?.phase)).map((fault) => faults.end(fault)));
  const proof = await prove(api, faults, namespace, scope);
  for (const { metadata } of blocks) {
    const status: FaultBlockStatus = { observedGeneration: metadata.generation!, ...proof };
    try {
      await api.patch('FaultBlock', metadata.name, namespace, { status }, 'status');
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return sweepMs;
}

async function prove(api: Api, faults: FaultController, namespace: string, scope: Set<string>) {
  const pods = podsIn(namespace, await worldOf(api));
  const drivers = [...faults.runs.drivers.values()];
  const ask = async () => {
    const answers = await Promise.all(drivers.map((driver) => driver.acting(pods)));
    return {
      ids: new Set(answers.flatMap(({ ids }) => ids)),
      silent: new Set(answers.flatMap(({ silent }) => silent)),
    };
  };
  let { ids, silent } = await ask();
  const all = new Map((await api.list('Fault')).items.map((fault) => [fault.metadata.uid!, fault]));
  const strays = [...ids].filter((id) => !all.has(id));
  if (strays.length > 0) {
    await Promise.all(strays.flatMap((id) => drivers.map((driver) => driver.undo(id, pods))));
    ({ ids, silent } = await ask());
  }
  const left = [...all.values()].filter(({ metadata, status }) => {
    return scope.has(metadata.namespace!) && (!isOver(status?.phase) || ids.has(metadata.uid!));
  });
  const remaining = [...left.map(({ metadata }) => metadata.name), ...[...ids].filter((id) => !all.has(id))];
  return { remaining: remaining.sort(), silent: [...silent].sort() };
}
