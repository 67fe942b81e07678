import { ageColumn, column, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import type { NetworkFault } from './types.ts';

/** Longer delays are beyond every timeout of the shop, and would only pile up bytes. In ms. */
const LONGEST_DELAY = 60_000;

export const networkFault = defineKind<NetworkFault>({
  group: 'faults.breakwater.dev',
  version: 'v1alpha1',
  kind: 'NetworkFault',
  plural: 'networkfaults',
  singular: 'networkfault',
  shortNames: ['nf'],
  categories: [],
  namespaced: true,
  model: 'NetworkFault',
  types: {
    NetworkFault: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'NetworkFaultSpec',
      status: 'NetworkFaultStatus',
    },
    NetworkFaultSpec: {
      source: 'string',
      destination: 'string',
      delayMs: 'number',
      jitterMs: 'number',
      expiresAt: 'time',
    },
    NetworkFaultStatus: { phase: 'string', delayed: 'int64', connections: 'int64', pods: 'string[]' },
  },
  names: 'subdomain',
  status: true,
  generation: true,
  columns: [
    nameColumn,
    column('Source', ({ spec }) => spec.source ?? '<any>'),
    column('Destination', ({ spec }) => spec.destination),
    column('Delay', ({ spec }) => `${spec.delayMs ?? 0}ms`),
    column('Jitter', ({ spec }) => `${spec.jitterMs ?? 0}ms`),
    column('Phase', ({ status }) => status?.phase ?? ''),
    column('Expires', ({ spec }) => spec.expiresAt, true),
    ageColumn,
  ],

  validate({ spec }, errors) {
    if (!spec) return errors.required('spec');
    if (!spec.destination) errors.required('spec.destination', 'name of the Service whose callers are slowed');
    if (!spec.expiresAt) errors.required('spec.expiresAt', 'a fault is a lease: it ends by itself');
    errors.range('spec.delayMs', spec.delayMs, 0, LONGEST_DELAY);
    errors.range('spec.jitterMs', spec.jitterMs, 0, LONGEST_DELAY);
  },
});
