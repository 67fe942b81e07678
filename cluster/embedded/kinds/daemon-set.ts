import { ageColumn, column, count, labelsCell, nameColumn, selectorText, templateColumns } from './columns.ts';
import { validateIntOrPercent, type IntOrPercent } from './int-or-percent.ts';
import { defineKind } from './kind.ts';
import { defaultTemplate } from './pod-spec/defaults.ts';
import { validateWorkload } from './pod-spec/template.ts';
import type { DaemonSet } from './types.ts';

export const daemonSet = defineKind<DaemonSet>({
  group: 'apps',
  kind: 'DaemonSet',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  status: true,
  generation: true,
  columns: [
    nameColumn,
    count('Desired', ({ status }) => status?.desiredNumberScheduled),
    count('Current', ({ status }) => status?.currentNumberScheduled),
    count('Ready', ({ status }) => status?.numberReady),
    count('Up-to-date', ({ status }) => status?.updatedNumberScheduled),
    count('Available', ({ status }) => status?.numberAvailable),
    column('Node Selector', ({ spec }) => labelsCell(spec?.template.spec?.nodeSelector)),
    ageColumn,
    ...templateColumns<DaemonSet>(({ spec }) => spec?.template.spec),
    column('Selector', ({ spec }) => selectorText(spec?.selector), true),
  ],

  defaults({ spec }) {
    if (!spec) return;
    spec.updateStrategy ??= {};
    if ((spec.updateStrategy.type ?? 'RollingUpdate') === 'RollingUpdate') spec.updateStrategy.rollingUpdate ??= {};
    defaultTemplate(spec);
  },

  onCreate(draft) {
    draft.status = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };
  },

  validate({ spec }, errors) {
    validateWorkload(spec, errors);
    if (!spec) return;
    const { type, rollingUpdate } = spec.updateStrategy ?? {};
    if (type !== 'RollingUpdate' || !rollingUpdate) return;
    const path = 'spec.updateStrategy.rollingUpdate';
    const { maxUnavailable, maxSurge } = rollingUpdate as { maxUnavailable?: IntOrPercent; maxSurge?: IntOrPercent };
    validateIntOrPercent(`${path}.maxUnavailable`, maxUnavailable, errors);
    validateIntOrPercent(`${path}.maxSurge`, maxSurge, errors);
    const [unavailable, surge] = [parseInt(String(maxUnavailable)), parseInt(String(maxSurge))];
    if (unavailable > 0 && surge > 0) {
      errors.invalid(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero');
    }
    if (unavailable === 0 && surge === 0) {
      errors.invalid(`${path}.maxUnavailable`, maxUnavailable, 'cannot be 0 when maxSurge is 0');
    }
  },

  validateUpdate: ({ spec }, old, errors) => errors.immutable('spec.selector', spec?.selector, old.spec?.selector),
});
