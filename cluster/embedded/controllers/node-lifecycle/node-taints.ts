import { timestamp } from '../../kinds/timestamp.ts';
import type { Node } from '../../kinds/types.ts';
import type { Taint } from '../../reconcile/taints.ts';

type Condition = NonNullable<NonNullable<Node['status']>['conditions']>[number];

const PREFIX = 'node.kubernetes.io/';

/** Taints of the well-known set that say what a condition says: its type, the status that counts, the key's end. */
const byCondition = [
  ['Ready', 'False', 'not-ready'],
  ['Ready', 'Unknown', 'unreachable'],
  ['MemoryPressure', 'True', 'memory-pressure'],
  ['DiskPressure', 'True', 'disk-pressure'],
  ['PIDPressure', 'True', 'pid-pressure'],
  ['NetworkUnavailable', 'True', 'network-unavailable'],
] as const;

const owned = new Set([...byCondition.map(([, , key]) => PREFIX + key), `${PREFIX}unschedulable`]);

export function readyCondition(node: Node): Condition | undefined {
  return node.status?.conditions?.find(({ type }) => type === 'Ready');
}

/**
 * A node's taints as its conditions and its cordon want them; those of others stay. Where its kubelet is not ready or silent, pods
 * that do not bear that are evicted as well, counted from timeAdded.
 * https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-nodes-by-condition
 */
export function withConditionTaints({ spec, status }: Node, now: number): Taint[] {
  const before = spec?.taints ?? [];
  const wanted = byCondition.flatMap(([condition, counting, key]): Taint[] => {
    if (!status?.conditions?.some((one) => one.type === condition && one.status === counting)) return [];
    const taint = { key: PREFIX + key, effect: 'NoSchedule' };
    return condition === 'Ready' ? [taint, { ...taint, effect: 'NoExecute' }] : [taint];
  });
  if (spec?.unschedulable) wanted.push({ key: `${PREFIX}unschedulable`, effect: 'NoSchedule' });
  const isSame = (a: Taint) => (b: Taint) => a.key === b.key && a.effect === b.effect;
  const kept = before.filter((taint) => !owned.has(taint.key) || wanted.some(isSame(taint)));
  const added = wanted.filter((taint) => !before.some(isSame(taint)));
  const timed = (taint: Taint) => ({ ...taint, timeAdded: timestamp(now) });
  // From when on pods bear a taint is counted from its time, whoever gave it and forgot that.
  const since = (taint: Taint) => (taint.effect === 'NoExecute' && !taint.timeAdded ? timed(taint) : taint);
  return [...kept.map(since), ...added.map(timed)];
}
