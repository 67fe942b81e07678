/**
 * How the lists of the Kubernetes types merge: `patchMergeKey` and `patchStrategy` of the Go structs, as the reference
 * documentation of each type states them. A list that is not here is replaced as a whole.
 */

/** What a field holds, as far as merging is concerned. */
export interface FieldSchema {
  /** Name of the type of the field, or of the items of its list. */
  type?: string;
  /** Field that identifies the items of a list of objects. */
  mergeKey?: string;
  /** A list of primitives merged as a set. */
  set?: true;
}

type TypeSchema = Record<string, FieldSchema>;

const one = (type: string): FieldSchema => ({ type });
const by = (mergeKey: string, type?: string): FieldSchema => (type ? { mergeKey, type } : { mergeKey });
const set: FieldSchema = { set: true };

const metadata = one('ObjectMeta');
const template = one('PodTemplateSpec');
const conditions: TypeSchema = { conditions: by('type') };

const container: TypeSchema = {
  env: by('name'),
  ports: by('containerPort'),
  volumeMounts: by('mountPath'),
  volumeDevices: by('devicePath'),
};

const kinds: Record<string, TypeSchema> = {
  ConfigMap: {},
  CronJob: { spec: one('CronJobSpec') },
  CSINode: { spec: one('CSINodeSpec') },
  DaemonSet: { spec: one('DaemonSetSpec'), status: one('Conditions') },
  Deployment: { spec: one('DeploymentSpec'), status: one('Conditions') },
  Endpoints: {},
  EndpointSlice: {},
  Event: {},
  HorizontalPodAutoscaler: { status: one('Conditions') },
  Ingress: {},
  Job: { spec: one('JobSpec'), status: one('Conditions') },
  Lease: {},
  MutatingWebhookConfiguration: { webhooks: by('name') },
  Namespace: { status: one('Conditions') },
  NetworkPolicy: {},
  Node: { spec: one('NodeSpec'), status: one('NodeStatus') },
  PersistentVolume: {},
  PersistentVolumeClaim: { status: one('Conditions') },
  Pod: { spec: one('PodSpec'), status: one('PodStatus') },
  PodDisruptionBudget: { status: one('Conditions') },
  PodTemplate: { template },
  ReplicaSet: { spec: one('ReplicaSetSpec'), status: one('Conditions') },
  ReplicationController: { spec: one('ReplicaSetSpec'), status: one('Conditions') },
  Secret: {},
  Service: { spec: one('ServiceSpec'), status: one('Conditions') },
  ServiceAccount: { secrets: by('name') },
  StatefulSet: { spec: one('StatefulSetSpec'), status: one('Conditions') },
  ValidatingWebhookConfiguration: { webhooks: by('name') },
};

const types: Record<string, TypeSchema> = {
  Conditions: conditions,
  Container: container,
  CronJobSpec: { jobTemplate: one('JobTemplateSpec') },
  CSINodeSpec: { drivers: by('name') },
  DaemonSetSpec: { template },
  DeploymentSpec: { template },
  JobSpec: { template },
  JobTemplateSpec: { metadata, spec: one('JobSpec') },
  NodeSpec: { podCIDRs: set },
  NodeStatus: { ...conditions, addresses: by('type') },
  ObjectMeta: { ownerReferences: by('uid'), finalizers: set },
  PodSpec: {
    containers: by('name', 'Container'),
    initContainers: by('name', 'Container'),
    ephemeralContainers: by('name', 'Container'),
    volumes: by('name'),
    imagePullSecrets: by('name'),
    hostAliases: by('ip'),
    topologySpreadConstraints: by('topologyKey'),
    resourceClaims: by('name'),
    schedulingGates: by('name'),
  },
  PodStatus: { ...conditions, podIPs: by('ip'), hostIPs: by('ip'), resourceClaimStatuses: by('name') },
  PodTemplateSpec: { metadata, spec: one('PodSpec') },
  ReplicaSetSpec: { template },
  ServiceSpec: { ports: by('port') },
  StatefulSetSpec: { template },
};

/** The merge rules of a field of a kind (`Deployment`) or of a type within one (`PodSpec`); undefined if it has none. */
export function fieldSchema(type: string | undefined, field: string): FieldSchema | undefined {
  if (type === undefined) return undefined;
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind && field === 'metadata') return metadata;
  const schema = kind ?? (Object.hasOwn(types, type) ? types[type] : undefined);
  return schema && Object.hasOwn(schema, field) ? schema[field] : undefined;
}

/** Whether strategic merge knows this kind; custom resources are patched by JSON merge patch instead. */
export function knowsKind(kind: string): boolean {
  return Object.hasOwn(kinds, kind);
}
