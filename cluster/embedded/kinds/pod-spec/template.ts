import { selectorMatches } from '../label-selector.ts';
import type { FieldErrors } from '../field-errors.ts';
import { validateLabels } from '../object-meta.ts';
import type { Deployment } from '../types.ts';
import { validatePodSpec } from './validation.ts';

type WorkloadSpec = Pick<NonNullable<Deployment['spec']>, 'replicas' | 'selector' | 'template' | 'minReadySeconds'>;

/** What Deployments and ReplicaSets have in common: replicas, and a selector that its own template matches. */
export function validateWorkload(spec: WorkloadSpec | undefined, errors: FieldErrors): void {
  if (!spec) return errors.required('spec');
  errors.range('spec.replicas', spec.replicas, 0);
  errors.range('spec.minReadySeconds', spec.minReadySeconds, 0);
  const { selector, template } = spec;
  if (!selector) errors.required('spec.selector');
  else if (!Object.keys(selector.matchLabels ?? {}).length && !selector.matchExpressions?.length) {
    errors.invalid('spec.selector', selector, 'empty selector is invalid for deployment');
  }
  if (!template) return errors.required('spec.template');
  validateLabels(template.metadata?.labels, 'spec.template.metadata.labels', errors);
  const labels = template.metadata?.labels ?? {};
  if (selector && !selectorMatches(selector, labels)) {
    errors.invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  }
  validatePodSpec(template.spec, 'spec.template.spec', errors);
  const policy = template.spec?.restartPolicy;
  if (policy !== undefined && policy !== 'Always') {
    errors.unsupported('spec.template.spec.restartPolicy', policy, ['Always']);
  }
}
