import { ageColumn, column, tally, nameColumn, selectorText, templateColumns } from './columns.ts';
import { defineKind } from './kind.ts';
import { defaultTemplate } from './pod-spec/defaults.ts';
import { validateWorkload } from './pod-spec/template.ts';
import type { FieldErrors } from './field-errors.ts';
import { validateIntOrPercent, type IntOrPercent } from './int-or-percent.ts';
import type { Deployment } from './types.ts';

export const deployment = defineKind<Deployment>({
  group: 'apps',
  kind: 'Deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  status: true,
  generation: true,
  scale: true,
  columns: [
    nameColumn,
    column('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`),
    tally('Up-to-date', ({ status }) => status?.updatedReplicas),
    tally('Available', ({ status }) => status?.availableReplicas),
    ageColumn,
    ...templateColumns<Deployment>(({ spec }) => spec?.template.spec),
    column('Selector', ({ spec }) => selectorText(spec?.selector), true),
  ],

  defaults({ spec }) {
    if (!spec) return;
    spec.strategy ??= {};
    if ((spec.strategy.type ?? 'RollingUpdate') === 'RollingUpdate') spec.strategy.rollingUpdate ??= {};
    defaultTemplate(spec);
  },

  validate({ spec }, errors) {
    validateWorkload(spec, errors);
    if (spec) validateStrategy(spec, errors);
  },

  validateUpdate: ({ spec }, old, errors) => errors.immutable('spec.selector', spec?.selector, old.spec?.selector),
});

function validateStrategy(spec: NonNullable<Deployment['spec']>, errors: FieldErrors): void {
  if ((spec.progressDeadlineSeconds ?? Infinity) <= (spec.minReadySeconds ?? 0)) {
    errors.invalid(
      'spec.progressDeadlineSeconds',
      spec.progressDeadlineSeconds,
      'must be greater than minReadySeconds',
    );
  }
  const { type, rollingUpdate } = spec.strategy ?? {};
  if (!rollingUpdate) return;
  if (type === 'Recreate') {
    return errors.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
  }
  const path = 'spec.strategy.rollingUpdate';
  const { maxUnavailable, maxSurge } = rollingUpdate as { maxUnavailable?: IntOrPercent; maxSurge?: IntOrPercent };
  validateIntOrPercent(`${path}.maxUnavailable`, maxUnavailable, errors);
  validateIntOrPercent(`${path}.maxSurge`, maxSurge, errors, false);
  if ([maxUnavailable, maxSurge].every((value) => parseInt(String(value)) === 0)) {
    errors.invalid(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  }
}
