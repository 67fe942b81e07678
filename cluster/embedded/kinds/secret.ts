import { ageColumn, column, count, nameColumn } from './columns.ts';
import { validateData, validateImmutable } from './data-keys.ts';
import { defineKind } from './kind.ts';
import type { Secret } from './types.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const secret = defineKind<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  shortNames: [],
  categories: [],
  namespaced: true,
  model: 'V1Secret',
  names: 'subdomain',
  status: false,
  generation: false,
  fields: { type: (secret) => secret.type ?? '' },
  columns: [
    nameColumn,
    column('Type', (secret) => secret.type ?? ''),
    count('Data', ({ data }) => Object.keys(data ?? {}).length),
    ageColumn,
  ],

  // stringData is for writing only: it goes into data, and nobody reads it back.
  defaults(draft) {
    draft.type ??= 'Opaque';
    if (!draft.stringData) return;
    draft.data ??= {};
    for (const [key, value] of Object.entries(draft.stringData))
      draft.data[key] = Buffer.from(value).toString('base64');
    delete draft.stringData;
  },

  validate({ data = {} }, errors) {
    validateData({ data }, errors);
    for (const [key, value] of Object.entries(data)) {
      if (!BASE64.test(value.replace(/[\r\n]/g, ''))) errors.invalid(`data[${key}]`, '<hidden>', 'must be base64');
    }
  },

  validateUpdate(secret, old, errors) {
    if (secret.type !== old.type) errors.invalid('type', secret.type, 'field is immutable');
    validateImmutable(secret, old, ['data'], errors);
  },
});
