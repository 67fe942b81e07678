import { isDeepStrictEqual } from 'node:util';
import type { FieldErrors } from '../field-errors.ts';
import type { Pod, PodSpec } from '../types.ts';

/** A pod is replaced, not changed: only images, the deadline and further tolerations may be written after its creation, and gates opened. */
export function validatePodUpdate(pod: Pod, old: Pod, errors: FieldErrors, subresource: string | undefined): void {
  const { spec } = pod;
  if (!spec || !old.spec) return;
  if (subresource === 'ephemeralcontainers') return validateEphemeralContainers(pod, old, errors);
  if (!isDeepStrictEqual(fixed(spec), fixed(old.spec))) {
    errors.forbidden(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
        '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
        '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    );
  }
  const kept = (old.spec.tolerations ?? []).every((one) =>
    spec.tolerations?.some((other) =>
      isDeepStrictEqual({ ...one, tolerationSeconds: 0 }, { ...other, tolerationSeconds: 0 }),
    ),
  );
  const gates = (old.spec.schedulingGates ?? []).map(({ name }) => name);
  const closed = (spec.schedulingGates ?? []).find(({ name }) => !gates.includes(name));
  if (closed) {
    const what = `only deletion is allowed, but found new scheduling gate '${closed.name}'`;
    errors.forbidden('spec.schedulingGates', what);
  }
  if (!kept)
    errors.forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds');
}

/** Those that are there stay as they are, and nothing else is written with them. */
function validateEphemeralContainers(pod: Pod, old: Pod, errors: FieldErrors): void {
  if (!isDeepStrictEqual(besideEphemeral(pod), besideEphemeral(old)))
    errors.forbidden('spec', 'only `spec.ephemeralContainers` may be written by this subresource');
  const containers = (pod.spec?.containers ?? []).map(({ name }) => name);
  for (const [index, { targetContainerName: target }] of (pod.spec?.ephemeralContainers ?? []).entries()) {
    if (target && !containers.includes(target))
      errors.notFound(`spec.ephemeralContainers[${index}].targetContainerName`, target);
  }
  for (const before of old.spec?.ephemeralContainers ?? []) {
    const now = pod.spec?.ephemeralContainers?.find(({ name }) => name === before.name);
    if (isDeepStrictEqual(now, before)) continue;
    const what = now ? 'changed' : 'removed';
    errors.forbidden('spec.ephemeralContainers', `existing ephemeral containers "${before.name}" may not be ${what}`);
  }
}

function besideEphemeral({ metadata, spec }: Pod): object {
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return { labels, annotations, finalizers, ownerReferences, ...spec, ephemeralContainers: undefined };
}

/** The part of a spec that stays as it was created. */
function fixed(spec: PodSpec): object {
  const images = (containers: PodSpec['containers'] = []) =>
    containers.map((container) => ({ ...container, image: '' }));
  return {
    ...spec,
    activeDeadlineSeconds: undefined,
    schedulingGates: undefined,
    tolerations: undefined,
    containers: images(spec.containers),
    initContainers: images(spec.initContainers),
  };
}

/** The images of a pod that an update changes, each with a Warning: a pod keeps the programs it was started with. */
export function changedImages(spec: PodSpec | undefined, old: PodSpec | undefined): string[] {
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec?.[list] ?? []).flatMap(({ image }, index) =>
      image === old?.[list]?.[index]?.image
        ? []
        : `spec.${list}[${index}].image: a change has no effect in this cluster: delete the pod and create it anew`,
    ),
  );
}
