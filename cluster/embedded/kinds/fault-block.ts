import { ageColumn, column, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import type { FaultBlock } from './types.ts';

/** While one is there, no fault acts in the scope of its namespace: what acts is ended, what is new is refused. Its status is the proof. */
export const faultBlock = defineKind<FaultBlock>({
  group: 'faults.breakwater.dev',
  version: 'v1alpha1',
  kind: 'FaultBlock',
  shortNames: ['fltb'],
  namespaced: true,
  types: {
    FaultBlock: { spec: 'FaultBlockSpec', status: 'FaultBlockStatus' },
    FaultBlockSpec: { request: 'string' },
    FaultBlockStatus: { observedGeneration: 'int64', remaining: 'string[]', silent: 'string[]' },
  },
  status: true,
  generation: true,
  columns: [
    nameColumn,
    column('Remaining', ({ status }) => words(status?.remaining)),
    column('Silent', ({ status }) => words(status?.silent)),
    ageColumn,
  ],

  defaults(draft) {
    draft.spec ??= {};
  },
});

/** Empty until it is known. */
function words(names: string[] | undefined): string {
  return names ? names.join(',') || '<none>' : '';
}
