import { isDeepStrictEqual } from 'node:util';
import { problemsOf, withDefaults } from '../../faults/check.ts';
import { targetText } from '../../faults/fault-object.ts';
import { ageColumn, column, count, humanDuration, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import type { Fault } from './types.ts';

export const fault = defineKind<Fault>({
  group: 'faults.breakwater.dev',
  version: 'v1alpha1',
  kind: 'Fault',
  shortNames: ['flt'],
  namespaced: true,
  types: {
    Fault: { spec: 'FaultSpec', status: 'FaultStatus' },
    FaultSpec: {
      type: 'string',
      target: 'FaultTarget',
      share: 'intOrString',
      parameters: '{number}',
      duration: 'string',
    },
    FaultTarget: { service: 'string', edge: 'string', pod: 'string', node: 'string' },
    FaultStatus: {
      ...{ phase: 'string', reason: 'string', startedAt: 'time', endsAt: 'time', endedAt: 'time' },
      ...{ pods: 'string[]', counts: 'FaultCounts', edits: 'FaultEdit[]', undo: 'FaultUndo' },
    },
    FaultCounts: { delayed: 'int64', failed: 'int64', dropped: 'int64', killed: 'int64', sent: 'int64' },
    FaultEdit: {
      ...{ kind: 'string', namespace: 'string', name: 'string', field: 'string' },
      ...{ before: 'string', after: 'string', undone: 'boolean', commit: 'string' },
    },
    FaultUndo: { state: 'string', silent: 'string[]' },
  },
  status: true,
  generation: true,
  columns: [
    nameColumn,
    column('Type', ({ spec }) => spec.type),
    column('Target', ({ spec }) => targetText(spec.target)),
    column('Share', ({ spec }) => String(spec.share)),
    column('Phase', ({ status }) => status?.phase ?? ''),
    column('Left', ({ status }, now) => left(status, now)),
    count('Delayed', ({ status }) => status?.counts?.delayed),
    count('Failed', ({ status }) => status?.counts?.failed),
    count('Killed', ({ status }) => status?.counts?.killed),
    count('Sent', ({ status }) => status?.counts?.sent),
    count('Pods', ({ status }) => status?.pods?.length),
    ageColumn,
    column('Dropped', ({ status }) => status?.counts?.dropped ?? 0, true),
    column('Undo', ({ status }) => status?.undo?.state ?? '', true),
    column('Reason', ({ status }) => status?.reason ?? '', true),
  ],

  defaults(draft) {
    if (draft.spec?.target) draft.spec = withDefaults(draft.spec) as Fault['spec'];
  },

  validate({ spec, status }, errors) {
    if (!spec?.type) return errors.required('spec.type', 'the type of fault; see kubectl explain fault.spec');
    if (!spec.target) return errors.required('spec.target', 'what it acts on: {service}, {edge}, {pod} or {node}');
    // Once begun it does not change; and what another version has begun must still be possible to end.
    if (status?.phase) return;
    for (const { field, value, detail } of problemsOf(spec)) errors.invalid(field, value, detail);
  },

  validateUpdate({ spec }, old, errors) {
    if (isDeepStrictEqual(spec, old.spec)) return;
    errors.forbidden('spec', 'a fault cannot be changed: delete it and create another');
  },
});

/** How long it acts still, as far as that is known. */
function left(status: Fault['status'], now: number): string {
  if (!status?.endsAt || (status.phase !== 'Active' && status.phase !== 'Pending')) return '';
  return humanDuration(Math.max(0, Date.parse(status.endsAt) - now) / 1000);
}
