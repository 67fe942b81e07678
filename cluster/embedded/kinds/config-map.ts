import { ageColumn, tally, nameColumn } from './columns.ts';
import { validateData, validateImmutable } from './data-keys.ts';
import { defineKind } from './kind.ts';
import type { ConfigMap } from './types.ts';

export const configMap = defineKind<ConfigMap>({
  group: '',
  kind: 'ConfigMap',
  shortNames: ['cm'],
  namespaced: true,
  columns: [
    nameColumn,
    tally('Data', ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length),
    ageColumn,
  ],

  validate({ data = {}, binaryData = {} }, errors) {
    validateData({ data }, { binaryData }, errors);
    for (const key of Object.keys(data)) {
      if (Object.hasOwn(binaryData, key)) errors.invalid(`data.${key}`, key, 'duplicate of key present in binaryData');
    }
  },

  validateUpdate(configMap, old, errors) {
    validateImmutable(configMap, old, ['data', 'binaryData'], errors);
  },
});
