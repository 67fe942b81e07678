import type { Node, Pod } from '../../embedded/kinds/types.ts';
import type { FaultEdit } from '../fault-object.ts';
import { valueIn } from './edited-field.ts';
import { Edits } from './edits.ts';
import type { Driver, DriverType, Surroundings, Unreached } from './driver.ts';

/**
 * Empties a node as `kubectl drain` does, through the Kubernetes API: no new pods come to it, and those of the scope are evicted, as far as
 * PodDisruptionBudgets permit. At the end it takes pods again. One that somebody had cordoned before stays so.
 */
export const nodeDrain: DriverType = { cannotHit: () => null, start };

function start(surroundings: Surroundings): Driver {
  const { api, report } = surroundings;
  const edits = new Edits(surroundings);

  return {
    async carryOut({ id, node, pods }) {
      if ((await edits.of(id)).length > 0) await edits.look(id);
      else await cordon(id, node!);
      const outcomes = await Promise.all(pods.filter((pod) => !staysOnNode(pod)).map((pod) => evict(id, pod)));
      return outcomes.flat();
    },
    undo: (id) => edits.revert(id),
    acting: async () => ({ ids: await edits.acting(), silent: [] }),
  };

  async function cordon(id: string, name: string): Promise<void> {
    const edit: FaultEdit = { kind: 'Node', name, field: 'spec.unschedulable', after: 'true' };
    const node = (await api.list('Node')).items.find(({ metadata }) => metadata.name === name) as Node;
    if (valueIn(node, edit) !== edit.after) await edits.make(id, [edit]);
  }

  async function evict(id: string, pod: Pod): Promise<Unreached[]> {
    const { name, namespace, ownerReferences = [] } = pod.metadata;
    if (!ownerReferences.some(({ controller }) => controller)) {
      return [{ pod: name, why: 'nobody would start it elsewhere, so it stays' }];
    }
    try {
      await api.evict(name, namespace!);
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      return code === 'NotFound' ? [] : [{ pod: name, why: message }];
    }
    report(id, { counter: name, killed: 1, pods: [name] });
    return [];
  }
}

/** It would come back to the node at once. */
function staysOnNode({ metadata }: Pod): boolean {
  return metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet') ?? false;
}
