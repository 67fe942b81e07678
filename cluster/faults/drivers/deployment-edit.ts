import type { Container, Deployment } from '../../embedded/kinds/types.ts';
import type { FaultEdit } from '../fault-object.ts';
import { byLotOf, portVariable, settingsOf } from './deployment-settings.ts';
import { Edits } from './edits.ts';
import { reportPodsWith } from './pods-with-edit.ts';
import type { Driver, DriverType, Order, PodTemplate, Surroundings, Unreached } from './driver.ts';

/**
 * What somebody does to a Deployment by hand: scales it, changes a number in its environment, releases what cannot start, or gives it
 * another key to check tokens by than they are signed with.
 */
export type DeploymentEdit =
  { scale: number } | { settingPercent: number } | { release: 'broken' } | { key: 'rotated' };

/** On the template of pods that check tokens: the variable with the key, where it comes from a Secret as a whole (`envFrom`). */
const keyAnnotation = 'breakwater.dev/token-key';

/**
 * Edits of Deployments through the Kubernetes API: what follows (rollouts, self-heal, crash loops) is the cluster's own doing. At the end
 * the template is as it was before, which brings back its ReplicaSet, as `kubectl rollout undo` does.
 */
export const deploymentEdit: DriverType = {
  cannotHit(pod, what) {
    const edit = what as DeploymentEdit;
    if ('settingPercent' in edit && settingsOf(pod, edit.settingPercent).length === 0) {
      return 'its environment has no number that could be changed';
    }
    if ('key' in edit && (!keyOf(pod) || !serviceIn(pod))) return 'it checks no tokens';
    if ('release' in edit && !serviceIn(pod))
      return `none of its containers is asked over HTTP, so none reads ${portVariable}`;
    return null;
  },
  start,
};

function start(surroundings: Surroundings): Driver {
  const edits = new Edits(surroundings);

  return {
    async carryOut({ id, what, pods, deployments = [] }: Order) {
      const wanted = deployments.flatMap((each) => editsFor(each, what as DeploymentEdit, id));
      if ((await edits.of(id)).length > 0) await edits.look(id);
      else if (wanted.length > 0) {
        try {
          await edits.make(id, wanted);
        } catch (error) {
          return pods.map(({ metadata }): Unreached => ({ pod: metadata.name, why: (error as Error).message }));
        }
      }
      reportPodsWith(await edits.of(id), pods, (reading) => surroundings.report(id, reading));
      return [];
    },
    undo: (id) => edits.revert(id),
    acting: async () => ({ ids: await edits.acting(), silent: [] }),
  };
}

function editsFor({ metadata, spec }: Deployment, edit: DeploymentEdit, id: string): FaultEdit[] {
  const { name, namespace } = metadata;
  const at = { kind: 'Deployment' as const, namespace: namespace!, name };
  if ('scale' in edit) {
    const [before, after] = [String(spec?.replicas ?? 1), String(edit.scale)];
    return before === after ? [] : [{ ...at, field: 'spec.replicas', before, after }];
  }
  const pod = { spec: spec!.template.spec! };
  if ('settingPercent' in edit) {
    const chosen = byLotOf(settingsOf(pod, edit.settingPercent), `${id}/${name}`);
    return chosen ? [{ ...at, ...chosen }] : [];
  }
  const container = serviceIn(pod);
  const variable = 'key' in edit ? keyOf(spec!.template) : portVariable;
  if (!container || !variable) return [];
  const before = container.env?.find((each) => each.name === variable)?.value;
  // No token was ever signed with this key, so it is no secret.
  const after = 'key' in edit ? `rotated-${id}` : edit.release;
  return [{ ...at, field: `env ${container.name} ${variable}`, ...(before !== undefined && { before }), after }];
}

function keyOf({ metadata }: PodTemplate): string | undefined {
  return metadata?.annotations?.[keyAnnotation];
}

function serviceIn({ spec }: PodTemplate): Container | undefined {
  return spec?.containers.find(({ readinessProbe, env }) => {
    const isOthers = env?.some(({ name, valueFrom }) => name === portVariable && valueFrom);
    return readinessProbe?.httpGet && !isOthers;
  });
}
