import { ageColumn, column, labelsCell, nameColumn } from '../columns.ts';
import { defineKind } from '../kind.ts';
import type { Service } from '../types.ts';
import { allocateClusterIP, allocateNodePorts } from './allocation.ts';
import { validateService, validateServiceUpdate } from './validation.ts';

export const service = defineKind<Service>({
  group: '',
  kind: 'Service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  answersDeleted: true,
  names: 'service',
  createOnUpdate: true,
  status: true,
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
    if (spec.sessionAffinity !== 'ClientIP') delete spec.sessionAffinityConfig;
    if (spec.sessionAffinity === 'ClientIP') (spec.sessionAffinityConfig ??= {}).clientIP ??= {};
    // Go's JSON and protobuf send a targetPort that was not set as 0.
    for (const port of spec.ports ?? []) port.targetPort ||= port.port;
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
    if (draft.spec && draft.spec.type !== 'ExternalName' && old.spec?.type !== 'ExternalName') {
      const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy } = old.spec ?? {};
      draft.spec = {
        clusterIPs,
        ipFamilies,
        ipFamilyPolicy,
        ...draft.spec,
        clusterIP: draft.spec.clusterIP || clusterIP,
      };
    } else if (draft.spec?.clusterIP && draft.spec.clusterIP === old.spec?.clusterIP) {
      // One that becomes a mere name gives its address back.
      const { clusterIP: _1, clusterIPs: _2, ipFamilies: _3, ipFamilyPolicy: _4, ...rest } = draft.spec;
      draft.spec = rest;
    }
    // What only the old type could say goes with it.
    const { type, externalTrafficPolicy } = draft.spec ?? {};
    const isExternal = type === 'NodePort' || type === 'LoadBalancer';
    if (draft.spec && !isExternal && externalTrafficPolicy === old.spec?.externalTrafficPolicy)
      delete draft.spec.externalTrafficPolicy;
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
