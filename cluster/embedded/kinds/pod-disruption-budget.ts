import { ageColumn, column, count, nameColumn } from './columns.ts';
import { validateIntOrPercent, type IntOrPercent } from './int-or-percent.ts';
import { defineKind } from './kind.ts';
import type { PodDisruptionBudget } from './types.ts';

export const podDisruptionBudget = defineKind<PodDisruptionBudget>({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  shortNames: ['pdb'],
  namespaced: true,
  names: 'path',
  conditionalUpdate: true,
  status: true,
  generation: true,
  columns: [
    nameColumn,
    column('Min Available', ({ spec }) => String((spec?.minAvailable as IntOrPercent | undefined) ?? 'N/A')),
    column('Max Unavailable', ({ spec }) => String((spec?.maxUnavailable as IntOrPercent | undefined) ?? 'N/A')),
    count('Allowed Disruptions', ({ status }) => status?.disruptionsAllowed),
    ageColumn,
  ],

  onCreate(draft) {
    draft.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },

  validate({ spec }, errors) {
    if (!spec) return;
    const [minAvailable, maxUnavailable] = [spec.minAvailable, spec.maxUnavailable] as (IntOrPercent | undefined)[];
    if (minAvailable !== undefined && maxUnavailable !== undefined) {
      errors.invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set');
    }
    validateIntOrPercent('spec.minAvailable', minAvailable, errors);
    validateIntOrPercent('spec.maxUnavailable', maxUnavailable, errors);
  },
});
