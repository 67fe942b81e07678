import type { Policy } from './policy.ts';

export const entryReplicas: Policy = {
  id: 'entry-replicas',
  title: 'The entry has two replicas',
  why: 'Where all customers come in, the end of one pod must not be the end of the shop.',
  violations(manifest) {
    if (manifest.kind !== 'Deployment' || manifest.metadata.annotations?.['breakwater.dev/entry'] !== 'true') return [];
    const replicas = (manifest as { spec?: { replicas?: number } }).spec?.replicas ?? 1;
    return replicas >= 2
      ? []
      : [`it has ${replicas} replica${replicas === 1 ? '' : 's'}: set spec.replicas to 2 or more`];
  },
};
