import { commitAnswer } from '../../../faults/config-commit.ts';
import type { Surroundings } from '../../../faults/drivers/driver.ts';
import { drivers } from '../../../faults/drivers/index.ts';
import { faultTypes } from '../../../faults/index.ts';
import type { Api, WatchEvent } from '../../apiserver/api.ts';
import type { KubeObject } from '../../kinds/types.ts';
import type { PodNetwork } from '../../network/pod-network.ts';
import { keyOf, splitKey, startController, type Controller, type Running } from '../../reconcile/controller.ts';
import { reconcileBlock } from './fault-block.ts';
import { FaultController } from './fault-controller.ts';

const blockKey = 'block:';

/** Itself, and what else carries faults out. */
export interface FaultServices extends Pick<Surroundings, 'processes' | 'nodes'> {
  api: Api;
  network: PodNetwork;
}

/** Carries out Faults, and obeys FaultBlocks: a block is looked at by its namespace, a fault by its name. */
export function startFaultController({ api, network, processes, nodes }: FaultServices): Running {
  const faults = new FaultController({
    ...{ api, types: faultTypes, drivers, network, processes, nodes },
    dial: (uid, port) => network.dial(uid, port),
    lookAgain: (namespace, name, afterMs) => controller.lookAgain(`${namespace}/${name}`, afterMs),
  });
  const isNews = onlyNews();
  const controller: Controller = startController(api, {
    name: 'fault',
    watch: {
      Fault: (fault, type) => (isNews(fault, type) ? keyOf(fault) : null),
      FaultBlock: (block, type) => (isNews(block, type) ? blockKey + block.metadata.namespace! : null),
      // Pods come and go while a fault acts.
      Pod: () => faults.runs.all().map(({ namespace, name }) => `${namespace}/${name}`),
    },
    reconcile(key) {
      if (key.startsWith(blockKey)) return reconcileBlock(api, faults, key.slice(blockKey.length));
      const { namespace, name } = splitKey(key);
      return faults.reconcile(namespace, name);
    },
  });
  return {
    close() {
      faults.close();
      return controller.close();
    },
  };
}

/**
 * Our own writes of a status come back as events; answering each would never end. A deletion counts as a generation, and what the keeper of
 * the desired state answers is news as well.
 */
function onlyNews() {
  const known = new Map<string, string>();
  return ({ metadata }: KubeObject, type: WatchEvent<KubeObject>['type']): boolean => {
    const news = `${metadata.generation} ${metadata.annotations?.[commitAnswer]}`;
    const isNew = type !== 'MODIFIED' || known.get(metadata.uid!) !== news;
    if (type === 'DELETED') known.delete(metadata.uid!);
    else known.set(metadata.uid!, news);
    return isNew;
  };
}
