import type { KubeObject, Pod } from '../kinds/types.ts';
import { isAlreadyExists, orNull } from './api-errors.ts';
import type { Context } from './define-controller.ts';
import { controllerReference } from './owner.ts';

type PodTemplate = Pick<Pod, 'spec'> & { metadata?: Partial<Pod['metadata']> };

/**
 * Makes a pod of its owner's template, and says so in an Event of the owner.
 *
 * @param naming without it the API makes the name from the owner's
 * @throws ApiError as the API answers; it has told of it
 */
export async function createPod(
  { api, events }: Context,
  owner: KubeObject,
  template: PodTemplate,
  naming: { name: string } | { generateName: string } = { generateName: `${owner.metadata.name}-` },
): Promise<Pod> {
  const { namespace } = owner.metadata;
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...structuredClone(template.metadata),
      name: '',
      ...naming,
      namespace,
      ownerReferences: [controllerReference(owner)],
    },
    spec: structuredClone(template.spec),
  };
  let created: Pod;
  try {
    created = await api.create('Pod', pod);
  } catch (error) {
    // As upstream: whose name is taken waits for it in silence.
    if (!isAlreadyExists(error)) {
      events.event({ object: owner }, 'Warning', 'FailedCreate', `Error creating: ${(error as Error).message}`);
    }
    throw error;
  }
  events.event({ object: owner }, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
  return created;
}

/** Deletes a pod of its owner's, and says so in an Event of the owner; a pod that is gone already is fine. */
export async function deletePod({ api, events }: Context, owner: KubeObject, pod: Pod): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const answer = await orNull(api.delete('Pod', name, namespace, { uid }).then(() => true));
  if (answer) events.event({ object: owner }, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
}
