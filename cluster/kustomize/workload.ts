import type { KubeObject } from './kube-object.ts';

type Fields = Record<string, unknown>;

/** Where the parts of a kind lie that transformers change. A kind that is not here has none of them. */
interface Workload {
  /** Pods are made from this: their metadata and spec. */
  template?: string[];
  /** Something else that is made from the object and carries its labels. */
  alsoMade?: string[];
  /** Volume claims are made from these. */
  claims?: string[];
  /** Labels the kind selects pods by, made where they are missing. */
  selector?: string[];
  /** The same, left alone where they are missing. A step `[]` goes into every item of a list. */
  selectors?: string[][];
}

const template = ['spec', 'template'];
const selector = ['spec', 'selector', 'matchLabels'];
const peer = (rule: string, side: string) => ['spec', rule, '[]', side, '[]', 'podSelector', 'matchLabels'];

const kinds: Record<string, Workload> = {
  Deployment: { template, selector },
  ReplicaSet: { template, selector },
  DaemonSet: { template, selector },
  StatefulSet: { template, selector, claims: ['spec', 'volumeClaimTemplates', '[]'] },
  ReplicationController: { template, selector: ['spec', 'selector'] },
  Job: { template, selectors: [selector] },
  CronJob: {
    template: ['spec', 'jobTemplate', 'spec', 'template'],
    alsoMade: ['spec', 'jobTemplate'],
    selectors: [['spec', 'jobTemplate', 'spec', 'selector', 'matchLabels']],
  },
  Service: { selector: ['spec', 'selector'] },
  PodDisruptionBudget: { selectors: [selector] },
  NetworkPolicy: {
    selectors: [['spec', 'podSelector', 'matchLabels'], peer('ingress', 'from'), peer('egress', 'to')],
  },
};

/** Selectors of other pods in a pod spec. */
const inPodSpec = ['podAffinity', 'podAntiAffinity']
  .flatMap((affinity) => [
    ['affinity', affinity, 'requiredDuringSchedulingIgnoredDuringExecution', '[]'],
    ['affinity', affinity, 'preferredDuringSchedulingIgnoredDuringExecution', '[]', 'podAffinityTerm'],
  ])
  .concat([['topologySpreadConstraints', '[]']])
  .map((path) => [...path, 'labelSelector', 'matchLabels']);

export function workload({ kind }: KubeObject): Workload {
  return kinds[kind] ?? {};
}

/** The pod spec in a workload, or that of a Pod. */
export function podSpec(object: KubeObject): Fields | undefined {
  const path = object.kind === 'Pod' ? [] : workload(object).template;
  return path && existing(object, [...path, 'spec'])[0];
}

/** All maps of labels by which an object selects pods, beside its main selector. */
export function podSelectors(object: KubeObject): Fields[] {
  const spec = object.kind === 'Pod' ? undefined : podSpec(object);
  const own = (workload(object).selectors ?? []).flatMap((path) => existing(object, path));
  return spec ? [...own, ...inPodSpec.flatMap((path) => existing(spec, path))] : own;
}

/** The object at a path, made where it is missing. */
export function at(root: object, path: string[]): Fields {
  let here = root as Fields;
  for (const field of path) here = (here[field] ??= {}) as Fields;
  return here;
}

/** The objects at a path: none where a part of it is missing, many where a step `[]` goes into lists. */
export function existing(root: object, path: string[]): Fields[] {
  return path.reduce<Fields[]>(
    (found, step) =>
      found
        .flatMap((here) => (step === '[]' ? (Array.isArray(here) ? here : []) : [here[step]]))
        .filter((next): next is Fields => typeof next === 'object' && next !== null),
    [root as Fields],
  );
}

/** A list of objects: containers of a pod spec, subjects of a binding ... */
export function listOf(holder: object | undefined, field: string): Fields[] {
  return holder ? existing(holder, [field, '[]']) : [];
}
