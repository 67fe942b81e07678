import { selectorMatches } from '../label-selector.ts';
import type { FieldErrors } from '../field-errors.ts';
import { validateAnnotations, validateLabels } from '../object-meta.ts';
import type { Deployment } from '../types.ts';
import { validatePodSpec } from './validation.ts';

type WorkloadSpec = Partial<
  Pick<NonNullable<Deployment['spec']>, 'replicas' | 'selector' | 'template' | 'minReadySeconds'>
>;

interface WorkloadRules {
  /** How its pods may be restarted. */
  restartPolicies?: string[];
  /** Names of volumes that its controller adds to the template's. */
  volumes?: string[];
}

/** What all workloads have in common: replicas, and a selector that their own template matches. */
export function validateWorkload(
  spec: WorkloadSpec | undefined,
  errors: FieldErrors,
  { restartPolicies = ['Always'], volumes = [] }: WorkloadRules = {},
): void {
  if (!spec) return errors.required('spec');
  const { selector, template } = spec;
  if (selector && !Object.keys(selector.matchLabels ?? {}).length && !selector.matchExpressions?.length) {
    errors.invalid('spec.selector', selector, 'empty selector is invalid for deployment');
  }
  if (!template) return;
  validateLabels(template.metadata?.labels, 'spec.template.labels', errors);
  validateAnnotations(template.metadata?.annotations, 'spec.template.annotations', errors);
  const labels = template.metadata?.labels;
  if (selector && !selectorMatches(selector, labels ?? {})) {
    errors.invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  }
  const own = volumes.map((name) => ({ name }));
  const podSpec = template.spec && { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...own] };
  validatePodSpec(podSpec, 'spec.template.spec', errors);
  if (podSpec?.ephemeralContainers?.length)
    errors.forbidden('spec.template.spec.ephemeralContainers', 'ephemeral containers not allowed in pod template');
  const { restartPolicy: policy, activeDeadlineSeconds: deadline } = template.spec ?? {};
  if (deadline !== undefined && restartPolicies.includes('Always')) {
    const detail = 'activeDeadlineSeconds in ReplicaSet is not Supported';
    errors.forbidden('spec.template.spec.activeDeadlineSeconds', detail);
  }
  errors.oneOf('spec.template.spec.restartPolicy', policy, restartPolicies);
}
