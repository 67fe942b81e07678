import { ageColumn, column, labelsCell, nameColumn } from '../columns.ts';
import { defineKind } from '../kind.ts';
import type { Service } from '../types.ts';
import { allocateClusterIP, allocateNodePorts } from './allocation.ts';
import { validateService, validateServiceUpdate } from './validation.ts';

export const service = defineKind<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  model: 'V1Service',
  names: 'service',
  status: true,
  generation: false,
  fields: {
    'spec.clusterIP': ({ spec }) => spec?.clusterIP ?? '',
    'spec.type': ({ spec }) => spec?.type ?? '',
  },
  columns: [
    nameColumn,
    column('Type', ({ spec }) => spec?.type ?? ''),
    column('Cluster-IP', ({ spec }) => spec?.clusterIP || '<none>'),
    column('External-IP', externalAddress),
    column('Port(s)', ports),
    ageColumn,
    column('Selector', ({ spec }) => labelsCell(spec?.selector), true),
  ],

  defaults({ spec }) {
    if (!spec) return;
    spec.type ??= 'ClusterIP';
    spec.sessionAffinity ??= 'None';
    for (const port of spec.ports ?? []) {
      port.protocol ??= 'TCP';
      // Go's JSON and protobuf send a targetPort that was not set as 0.
      port.targetPort ||= port.port;
    }
    if (spec.type === 'ExternalName') return;
    spec.internalTrafficPolicy ??= 'Cluster';
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') spec.externalTrafficPolicy ??= 'Cluster';
    if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  },

  onCreate(draft, all) {
    draft.status = { loadBalancer: {} };
    allocateClusterIP(draft, all());
    allocateNodePorts(draft, all());
  },

  // A client that replaces a Service need not know its address: what it leaves out stays.
  onUpdate(draft, old, all) {
    if (draft.spec && old.spec && draft.spec.type !== 'ExternalName' && old.spec.type !== 'ExternalName') {
      draft.spec.clusterIP ||= old.spec.clusterIP;
      draft.spec.clusterIPs ??= old.spec.clusterIPs;
      draft.spec.ipFamilies ??= old.spec.ipFamilies;
      draft.spec.ipFamilyPolicy ??= old.spec.ipFamilyPolicy;
    }
    const others = all().filter(({ metadata }) => metadata.uid !== old.metadata.uid);
    allocateClusterIP(draft, others);
    allocateNodePorts(draft, others, old);
  },

  validate: validateService,
  validateUpdate: validateServiceUpdate,
});

function externalAddress({ spec, status }: Service): string {
  const own = spec?.externalIPs ?? [];
  if (spec?.type === 'ExternalName') return spec.externalName ?? '<none>';
  if (spec?.type !== 'LoadBalancer') return own.join(',') || '<none>';
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '');
  return [...ingress, ...own].join(',') || '<pending>';
}

function ports({ spec }: Service): string {
  const texts = (spec?.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return texts.join(',') || '<none>';
}
