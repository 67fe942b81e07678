import type { ContainerRecord, PodRecords } from './records.ts';
import { isStarted } from './records.ts';

const isTerminated = ({ state }: ContainerRecord) => state.kind === 'terminated';

/**
 * The phase, as the kubelet's getPhase: a crashed container that will be started again counts as running, and a pod is over only
 * once nothing of it runs any more.
 */
export function podPhase(restartPolicy: string, { containers, isInitialized, end }: PodRecords): string {
  const phase = computedPhase(restartPolicy, containers, end !== null && end.why !== 'Stopped');
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  if (end?.why === 'Failed' && containers.every(({ run }) => !run)) return 'Failed';
  if (!isOver || containers.every(({ run }) => !run)) return phase;
  return isInitialized ? 'Running' : 'Pending';
}

function computedPhase(restartPolicy: string, containers: ContainerRecord[], isTerminal: boolean): string {
  const of = (sort: ContainerRecord['sort']) => containers.filter((record) => record.sort === sort);
  const main = of('main');
  const ended = (record: ContainerRecord) => (record.state.kind === 'terminated' ? record.state : record.lastState);
  const failed = (record: ContainerRecord) => record.state.kind !== 'running' && (ended(record)?.exitCode ?? 0) !== 0;
  if (restartPolicy === 'Never' && of('init').some(failed)) return 'Failed';

  const isNew = ({ state, lastState }: ContainerRecord) => state.kind === 'waiting' && !lastState;
  const hasBegun = main.some((record) => record.state.kind === 'running' || ended(record));
  const initPending = of('init').some((record) => record.state.kind === 'running' || isNew(record));
  const sidecarPending = of('sidecar').some((record) => isNew(record) || (record.run && !isStarted(record)));
  if (initPending || (sidecarPending && !hasBegun)) return 'Pending';
  if ([...main, ...of('sidecar')].some(isNew)) return 'Pending';
  if ([...main, ...of('sidecar')].some(({ state }) => state.kind === 'running')) return 'Running';

  const allSucceeded = main.every((record) => ended(record)?.exitCode === 0);
  if (isTerminal && main.every(isTerminated)) return allSucceeded ? 'Succeeded' : 'Failed';
  if (restartPolicy === 'Always') return 'Running';
  if (allSucceeded) return 'Succeeded';
  return restartPolicy === 'Never' ? 'Failed' : 'Running';
}
