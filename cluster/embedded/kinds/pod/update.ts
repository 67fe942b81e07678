import { isDeepStrictEqual } from 'node:util';
import type { FieldErrors } from '../field-errors.ts';
import type { Pod, PodSpec } from '../types.ts';

/** A pod is replaced, not changed: only images, the deadline, and further tolerations may be written after its creation. */
export function validatePodUpdate({ spec }: Pod, old: Pod, errors: FieldErrors): void {
  if (!spec || !old.spec) return;
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
  if (!kept)
    errors.forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds');
}

/** The part of a spec that stays as it was created. */
function fixed(spec: PodSpec): object {
  const images = (containers: PodSpec['containers'] = []) =>
    containers.map((container) => ({ ...container, image: '' }));
  return {
    ...spec,
    activeDeadlineSeconds: undefined,
    tolerations: undefined,
    containers: images(spec.containers),
    initContainers: images(spec.initContainers),
  };
}
