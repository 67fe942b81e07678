import { ageColumn, tally, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import type { ServiceAccount } from './types.ts';

export const serviceAccount = defineKind<ServiceAccount>({
  group: '',
  kind: 'ServiceAccount',
  shortNames: ['sa'],
  namespaced: true,
  answersDeleted: true,
  columns: [nameColumn, tally('Secrets', ({ secrets }) => secrets?.length), ageColumn],
});
