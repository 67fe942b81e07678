import { ageColumn, column, nameColumn } from '../columns.ts';
import { defineKind } from '../kind.ts';
import { defaultPodSpec } from '../pod-spec/defaults.ts';
import { validatePodSpec } from '../pod-spec/validation.ts';
import type { Pod } from '../types.ts';
import { qosClass, requestsFromLimits } from './resources.ts';
import { readiness, restarts, summary } from './summary.ts';
import { changedImages, validatePodUpdate } from './update.ts';

export const pod = defineKind<Pod>({
  group: '',
  kind: 'Pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  answersDeleted: true,
  status: true,
  generation: true,
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
    for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) requestsFromLimits(container);
  },

  onCreate(draft) {
    admitted(draft);
    const gated = draft.spec?.schedulingGates?.length ? { conditions: [GATED] } : {};
    draft.status = { phase: 'Pending', qosClass: qosClass(draft), ...gated };
  },

  onUpdate: (draft, old) => admitted(draft, old),

  validate({ spec }, errors) {
    validatePodSpec(spec, 'spec', errors);
  },
  validateCreate({ spec }, errors) {
    if (spec?.ephemeralContainers?.length) errors.forbidden('spec.ephemeralContainers', 'cannot be set on create');
    if (spec?.schedulingGates?.length && spec.nodeName)
      errors.forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared');
  },
  validateUpdate: validatePodUpdate,
  withoutEffect: ({ spec }, old) => (old ? changedImages(spec, old.spec) : []),

  gracePeriod({ spec, status }, asked) {
    const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
    // Without a node nothing runs that would want time to end.
    if (!spec?.nodeName || ended) return 0;
    return asked ?? spec.terminationGracePeriodSeconds ?? 30;
  },
});

/** What upstream's admission gives a pod that does not say it. */
function admitted({ spec }: Pod, old?: Pod): void {
  if (!spec) return;
  spec.tolerations = withNodeTolerations(spec.tolerations);
  spec.priority ??= old?.spec?.priority ?? 0;
  spec.preemptionPolicy ??= old?.spec?.preemptionPolicy ?? 'PreemptLowerPriority';
}

/** Of a pod that nobody may put on a node yet (kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness). */
const GATED = {
  ...{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' },
  message: 'Scheduling is blocked due to non-empty scheduling gates',
};

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
