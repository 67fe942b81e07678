type Fields = Record<string, unknown>;

/** An object as health is read off it. */
export interface Reported {
  kind: string;
  metadata: { generation?: number; deletionTimestamp?: string };
  spec?: Fields;
  status?: Fields;
}

/** `done`: it is what it should be. `failed`: it will not become so by itself. Else it is under way. */
export interface Health {
  state: 'done' | 'under way' | 'failed';
  reason: string;
}

const done: Health = { state: 'done', reason: '' };
const underWay = (reason: string): Health => ({ state: 'under way', reason });
const number = (value: unknown, otherwise = 0): number => (typeof value === 'number' ? value : otherwise);

/** Rules of the kinds that take their time; those of kstatus (https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus). */
const rules: Record<string, (spec: Fields, status: Fields) => Health> = {
  StatefulSet(spec, status) {
    const wanted = number(spec['replicas'], 1);
    if (number(status['readyReplicas']) < wanted)
      return underWay(`${number(status['readyReplicas'])} of ${wanted} are ready`);
    const { type, rollingUpdate } = (spec['updateStrategy'] ?? {}) as { type?: string; rollingUpdate?: Fields };
    if (type === 'OnDelete') return done;
    const partition = number(rollingUpdate?.['partition']);
    const isOver =
      partition > 0
        ? number(status['updatedReplicas']) >= wanted - partition
        : status['currentRevision'] === status['updateRevision'];
    return isOver ? done : underWay('pods of the revision before are left');
  },
  DaemonSet(_spec, status) {
    const wanted = number(status['desiredNumberScheduled'], -1);
    if (wanted < 0) return underWay('no node has been chosen yet');
    const [updated, available] = [number(status['updatedNumberScheduled']), number(status['numberAvailable'])];
    if (updated < wanted) return underWay(`${updated} of ${wanted} nodes have the new pod`);
    return available < wanted ? underWay(`${available} of ${wanted} nodes have a pod that is available`) : done;
  },
  Job(_spec, status) {
    if (holds(status, 'Failed')) return { state: 'failed', reason: 'the Job has failed' };
    return holds(status, 'Complete') ? done : underWay('the Job has not ended yet');
  },
  PersistentVolumeClaim: (_spec, { phase }) => (phase === 'Bound' ? done : underWay(`it is ${String(phase ?? 'new')}`)),
  Service(spec, status) {
    if (spec['type'] !== 'LoadBalancer') return done;
    const { ingress = [] } = (status['loadBalancer'] ?? {}) as { ingress?: unknown[] };
    return ingress.length > 0 ? done : underWay('it has no address yet');
  },
  Pod(_spec, status) {
    if (status['phase'] === 'Failed') return { state: 'failed', reason: 'the pod has failed' };
    return status['phase'] === 'Succeeded' || holds(status, 'Ready') ? done : underWay('the pod is not ready');
  },
  CustomResourceDefinition: (_spec, status) =>
    holds(status, 'Established') ? done : underWay('it is not established'),
};

/** Kinds of which more is to be known than that they are there. Deployments are `rollout.ts`'s. */
export const kindsWithHealth: readonly string[] = Object.keys(rules);

/** How far an object is towards what it should be. */
export function health({ kind, metadata, spec = {}, status = {} }: Reported): Health {
  if (metadata.deletionTimestamp) return underWay('it is being deleted');
  const observed = status['observedGeneration'];
  if (typeof observed === 'number' && observed < number(metadata.generation)) {
    return underWay('waiting for the change to be observed');
  }
  return rules[kind]?.(spec, status) ?? done;
}

function holds(status: Fields, type: string): boolean {
  const conditions = (status['conditions'] ?? []) as { type: string; status: string }[];
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}
