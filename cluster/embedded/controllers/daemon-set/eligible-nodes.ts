import type { DaemonSet, Node, Pod } from '../../kinds/types.ts';
import { nodeMatches } from '../../reconcile/node-affinity.ts';
import { untolerated } from '../../reconcile/taints.ts';

type Toleration = NonNullable<NonNullable<Pod['spec']>['tolerations']>[number];

/** What daemons put up with beyond their template: they are part of what makes a node work. */
const added: Toleration[] = [
  ...(['not-ready', 'unreachable'] as const).map((state) => taint(state, 'NoExecute')),
  ...(['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'] as const).map((state) =>
    taint(state, 'NoSchedule'),
  ),
];

function taint(state: string, effect: string): Toleration {
  return { key: `node.kubernetes.io/${state}`, operator: 'Exists', effect };
}

/** The pod of a DaemonSet for one node: it can go nowhere else, and is bound by the scheduler as any other. */
export function podFor(daemonSet: DaemonSet, nodeName: string, hash: string) {
  const { metadata, spec } = daemonSet.spec!.template;
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [nodeName] }];
  const own = spec?.tolerations ?? [];
  const isNew = ({ key, effect }: Toleration) => !own.some((one) => one.key === key && one.effect === effect);
  return {
    metadata: { ...metadata, labels: { ...metadata?.labels, 'controller-revision-hash': hash } },
    spec: {
      ...spec!,
      affinity: {
        ...spec?.affinity,
        nodeAffinity: {
          ...spec?.affinity?.nodeAffinity,
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
        },
      },
      tolerations: [...own, ...added.filter(isNew)],
    },
  };
}

/** The node that a pod runs on or is meant for. */
export function nodeOf({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.find(({ key }) => key === 'metadata.name')?.values?.[0];
}

/** Whether a node is to have a pod, and whether one that is there may stay: a taint NoSchedule only keeps new ones off. */
export function eligibility(daemonSet: DaemonSet, node: Node): { starts: boolean; stays: boolean } {
  const { spec } = daemonSet.spec!.template;
  const pod = {
    metadata: { name: '' },
    spec: { ...spec, tolerations: [...(spec?.tolerations ?? []), ...added] },
  } as Pod;
  if (!nodeMatches(node, pod)) return { starts: false, stays: false };
  return {
    starts: untolerated(node, pod, ['NoSchedule', 'NoExecute']).length === 0,
    stays: untolerated(node, pod, ['NoExecute']).length === 0,
  };
}
