import { ageColumn, column, count, nameColumn, selectorText, templateColumns } from './columns.ts';
import { defineKind } from './kind.ts';
import { defaultPodSpec } from './pod-spec/defaults.ts';
import { withoutEffect } from './pod-spec/no-effect.ts';
import { validateWorkload } from './pod-spec/template.ts';
import type { FieldErrors } from './field-errors.ts';
import type { Deployment } from './types.ts';

export const deployment = defineKind<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  model: 'V1Deployment',
  names: 'subdomain',
  status: true,
  generation: true,
  scale: true,
  columns: [
    nameColumn,
    column('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`),
    count('Up-to-date', ({ status }) => status?.updatedReplicas),
    count('Available', ({ status }) => status?.availableReplicas),
    ageColumn,
    ...templateColumns<Deployment>(({ spec }) => spec?.template.spec),
    column('Selector', ({ spec }) => selectorText(spec?.selector), true),
  ],

  defaults({ spec }) {
    if (!spec) return;
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
    spec.strategy ??= {};
    spec.strategy.type ??= 'RollingUpdate';
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate ??= {};
      spec.strategy.rollingUpdate.maxUnavailable ??= '25%';
      spec.strategy.rollingUpdate.maxSurge ??= '25%';
    }
    if (spec.template?.spec) defaultPodSpec(spec.template.spec);
  },

  validate({ spec }, errors) {
    validateWorkload(spec, errors);
    if (spec) validateStrategy(spec, errors);
  },

  withoutEffect: ({ spec }) => withoutEffect(spec?.template.spec, 'spec.template.spec'),

  validateUpdate({ spec }, old, errors) {
    if (selectorText(spec?.selector) !== selectorText(old.spec?.selector)) {
      errors.invalid('spec.selector', spec?.selector, 'field is immutable');
    }
  },
});

function validateStrategy(spec: NonNullable<Deployment['spec']>, errors: FieldErrors): void {
  errors.range('spec.revisionHistoryLimit', spec.revisionHistoryLimit, 0);
  errors.range('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 0);
  if ((spec.progressDeadlineSeconds ?? Infinity) <= (spec.minReadySeconds ?? 0)) {
    errors.invalid(
      'spec.progressDeadlineSeconds',
      spec.progressDeadlineSeconds,
      'must be greater than minReadySeconds',
    );
  }
  const { type, rollingUpdate } = spec.strategy ?? {};
  errors.oneOf('spec.strategy.type', type, ['Recreate', 'RollingUpdate']);
  if (!rollingUpdate) return;
  if (type === 'Recreate') {
    return errors.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
  }
  const path = 'spec.strategy.rollingUpdate';
  const values = (['maxUnavailable', 'maxSurge'] as const).map((field) => {
    const value = rollingUpdate[field] as string | number | undefined;
    if (typeof value === 'number') errors.range(`${path}.${field}`, value, 0);
    else if (value !== undefined && !/^\d+%$/.test(value)) {
      errors.invalid(
        `${path}.${field}`,
        value,
        "a valid percent string must be a numeric string followed by an ending '%'",
      );
    }
    return parseInt(String(value));
  });
  const { maxUnavailable } = rollingUpdate as { maxUnavailable?: string | number };
  if (typeof maxUnavailable === 'string' && parseInt(maxUnavailable) > 100) {
    errors.invalid(`${path}.maxUnavailable`, maxUnavailable, 'must not be greater than 100%');
  }
  if (values.every((value) => value === 0)) {
    errors.invalid(`${path}.maxUnavailable`, rollingUpdate.maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  }
}
