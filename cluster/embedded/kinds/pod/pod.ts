import { ageColumn, column, nameColumn } from '../columns.ts';
import { defineKind } from '../kind.ts';
import { defaultPodSpec } from '../pod-spec/defaults.ts';
import { changedImages, withoutEffect } from '../pod-spec/no-effect.ts';
import { validatePodSpec } from '../pod-spec/validation.ts';
import type { Pod } from '../types.ts';
import { qosClass, requestsFromLimits } from './resources.ts';
import { readiness, restarts, summary } from './summary.ts';
import { validatePodUpdate } from './update.ts';

export const pod = defineKind<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  model: 'V1Pod',
  names: 'subdomain',
  status: true,
  generation: false,
  subresources: [
    { name: 'binding', kind: 'Binding', verbs: ['create'] },
    { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    { name: 'log', kind: 'Pod', verbs: ['get'] },
    { name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
  ],
  fields: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.restartPolicy': ({ spec }) => spec?.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec?.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec?.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec?.hostNetwork ?? false),
    'status.phase': ({ status }) => status?.phase ?? '',
    'status.podIP': ({ status }) => status?.podIP ?? '',
    'status.nominatedNodeName': ({ status }) => status?.nominatedNodeName ?? '',
  },
  columns: [
    nameColumn,
    column('Ready', readiness),
    column('Status', summary),
    column('Restarts', restarts),
    ageColumn,
    column('IP', ({ status }) => status?.podIP || '<none>', true),
    column('Node', ({ spec }) => spec?.nodeName || '<none>', true),
    column('Nominated Node', ({ status }) => status?.nominatedNodeName || '<none>', true),
    column('Readiness Gates', readinessGates, true),
  ],

  defaults({ spec }) {
    if (!spec) return;
    defaultPodSpec(spec);
    spec.enableServiceLinks ??= true;
    spec.priority ??= 0;
    spec.preemptionPolicy ??= 'PreemptLowerPriority';
    for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) requestsFromLimits(container);
  },

  onCreate(draft) {
    if (draft.spec) draft.spec.tolerations = withNodeTolerations(draft.spec.tolerations);
    draft.status = { phase: 'Pending', qosClass: qosClass(draft) };
  },

  validate({ spec }, errors) {
    validatePodSpec(spec, 'spec', errors);
  },
  validateUpdate: validatePodUpdate,
  withoutEffect: ({ spec }, old) => [...withoutEffect(spec, 'spec'), ...(old ? changedImages(spec, old.spec) : [])],

  gracePeriod({ spec, status }, asked) {
    const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
    // Without a node nothing runs that would want time to end.
    if (!spec?.nodeName || ended) return 0;
    return asked ?? spec.terminationGracePeriodSeconds ?? 30;
  },
});

type Toleration = NonNullable<NonNullable<Pod['spec']>['tolerations']>[number];

/** Every pod bears a node that is not ready or out of reach for five minutes, unless it says otherwise. */
function withNodeTolerations(tolerations: Toleration[] = []): Toleration[] {
  const missing = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
    (key) => !tolerations.some((own) => (own.key === key || !own.key) && (!own.effect || own.effect === 'NoExecute')),
  );
  const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  return [...tolerations, ...added];
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const met = gates.filter(({ conditionType }) =>
    status?.conditions?.some(({ type, status }) => type === conditionType && status === 'True'),
  );
  return `${met.length}/${gates.length}`;
}
