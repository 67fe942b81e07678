import { isDeepStrictEqual } from 'node:util';
import { ageColumn, column, nameColumn, templateColumns } from './columns.ts';
import { defineKind } from './kind.ts';
import { defaultTemplate } from './pod-spec/defaults.ts';
import { validateWorkload } from './pod-spec/template.ts';
import type { StatefulSet } from './types.ts';

/** What an update may change of a spec. */
const mutable =
  'minReadySeconds ordinals persistentVolumeClaimRetentionPolicy replicas revisionHistoryLimit template updateStrategy'.split(
    ' ',
  );

export const statefulSet = defineKind<StatefulSet>({
  group: 'apps',
  kind: 'StatefulSet',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  names: 'label',
  status: true,
  generation: true,
  scale: true,
  columns: [
    nameColumn,
    column('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`),
    ageColumn,
    ...templateColumns<StatefulSet>(({ spec }) => spec?.template.spec),
  ],

  defaults({ spec }) {
    if (!spec) return;
    spec.updateStrategy ??= {};
    if ((spec.updateStrategy.type ?? 'RollingUpdate') === 'RollingUpdate') spec.updateStrategy.rollingUpdate ??= {};
    defaultTemplate(spec);
    for (const claim of spec.volumeClaimTemplates ?? []) claim.status = { phase: 'Pending' };
  },

  onCreate(draft) {
    draft.status = { replicas: 0, availableReplicas: 0 };
  },

  validate({ spec }, errors) {
    // A claim of the template stands for the volume of its name.
    const claims = (spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? '');
    validateWorkload(spec, errors, { volumes: claims });
    if (!spec) return;
    const { type, rollingUpdate } = spec.updateStrategy ?? {};
    const path = 'spec.updateStrategy';
    if (type !== undefined && !['OnDelete', 'RollingUpdate'].includes(type)) {
      errors.invalid(path, spec.updateStrategy, "must be 'RollingUpdate' or 'OnDelete'");
    }
    if (type === 'OnDelete' && rollingUpdate) {
      errors.invalid(`${path}.rollingUpdate`, rollingUpdate, 'only allowed for updateStrategy `RollingUpdate`');
    }
    for (const [index, claim] of (spec.volumeClaimTemplates ?? []).entries()) {
      if (!claim.metadata?.name) errors.required(`spec.volumeClaimTemplates[${index}].metadata.name`);
    }
  },

  validateUpdate({ spec }, old, errors) {
    const fixed = (of: StatefulSet['spec']) =>
      Object.fromEntries(Object.entries(of ?? {}).filter(([field]) => !mutable.includes(field)));
    if (!isDeepStrictEqual(fixed(spec), fixed(old.spec))) {
      errors.forbidden(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      );
    }
  },
});
