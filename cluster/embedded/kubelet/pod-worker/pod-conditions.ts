import { timestamp } from '../../kinds/timestamp.ts';
import type { Pod } from '../../kinds/types.ts';
import { isReady, isStarted, type PodRecords } from './records.ts';

type Condition = NonNullable<NonNullable<Pod['status']>['conditions']>[number];
type Finding = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/**
 * A pod's conditions: the kubelet's own, each with the time of its last change, and everybody else's as they are.
 *
 * @param pod as the API has it now
 */
export function podConditions(pod: Pod, records: PodRecords, phase: string, now: number): Condition[] {
  const before = pod.status?.conditions ?? [];
  const containersReady = findContainersReady(records, phase);
  const found: Finding[] = [
    { type: 'PodReadyToStartContainers', status: records.podIP !== null && !records.end?.released ? 'True' : 'False' },
    findInitialized(records, phase),
    { ...findReady(pod, containersReady), type: 'Ready' },
    containersReady,
    { type: 'PodScheduled', status: 'True' },
  ];
  const own = found.map((condition) => {
    const old = before.find(({ type }) => type === condition.type);
    const since = old?.status === condition.status ? old.lastTransitionTime : undefined;
    return { ...condition, lastTransitionTime: since ?? timestamp(new Date(now)) };
  });
  return [...own, ...before.filter(({ type }) => !own.some((one) => one.type === type))];
}

function findInitialized({ containers, isInitialized }: PodRecords, phase: string): Finding {
  const type = 'Initialized';
  if (phase === 'Succeeded') return { type, status: 'True', reason: 'PodCompleted' };
  if (isInitialized) return { type, status: 'True' };
  const missing = containers
    .filter(
      (record) => (record.sort === 'init' && !isReady(record)) || (record.sort === 'sidecar' && !isStarted(record)),
    )
    .map(({ name }) => name);
  if (missing.length === 0) return { type, status: 'True' };
  const message = `containers with incomplete status: [${missing.join(' ')}]`;
  return { type, status: 'False', reason: 'ContainersNotInitialized', message };
}

function findContainersReady({ containers }: PodRecords, phase: string): Finding {
  const type = 'ContainersReady';
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  const unready = containers
    .filter((record) => (record.sort === 'main' || record.sort === 'sidecar') && !isReady(record))
    .map(({ name }) => name);
  if (unready.length === 0) return { type, status: 'True' };
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return { type, status: 'False', reason: 'ContainersNotReady', message };
}

function findReady({ spec, status }: Pod, containersReady: Finding): Finding {
  if (containersReady.status === 'False') return containersReady;
  const messages = (spec?.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = status?.conditions?.find(({ type }) => type === conditionType);
    if (condition?.status === 'True') return [];
    return condition
      ? `the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`
      : `corresponding condition of pod readiness gate "${conditionType}" does not exist.`;
  });
  if (messages.length === 0) return { type: 'Ready', status: 'True' };
  return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') };
}
