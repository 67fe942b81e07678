import { ageColumn, column, tally, nameColumn } from './columns.ts';
import { validateData, validateImmutable } from './data-keys.ts';
import { defineKind } from './kind.ts';
import type { Secret } from './types.ts';

/** What a Secret of these types has to hold. */
const contents: Record<string, string[]> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export const secret = defineKind<Secret>({
  group: '',
  kind: 'Secret',
  namespaced: true,
  fields: { type: (secret) => secret.type ?? '' },
  columns: [
    nameColumn,
    column('Type', (secret) => secret.type ?? ''),
    tally('Data', ({ data }) => Object.keys(data ?? {}).length),
    ageColumn,
  ],

  // stringData is for writing only: it goes into data, and nobody reads it back.
  defaults(draft) {
    if (!draft.stringData) return;
    draft.data ??= {};
    for (const [key, value] of Object.entries(draft.stringData))
      draft.data[key] = Buffer.from(value).toString('base64');
    delete draft.stringData;
  },

  validate({ data = {}, type = '', metadata }, errors) {
    validateData({}, { data }, errors);
    for (const key of contents[type] ?? []) if (data[key] === undefined) errors.required(`data[${key}]`);
    const account = 'kubernetes.io/service-account.name';
    if (type === 'kubernetes.io/service-account-token' && !metadata.annotations?.[account])
      errors.required(`metadata.annotations[${account}]`);
  },

  validateUpdate(secret, old, errors) {
    errors.immutable('type', secret.type, old.type);
    validateImmutable(secret, old, ['data'], errors);
  },
});
