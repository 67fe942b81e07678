import type * as k8s from '@kubernetes/client-node';
import type { FaultBlockSpec, FaultBlockStatus, FaultSpec, FaultStatus } from '../../faults/fault-object.ts';

/** A client-node model as it travels in JSON: times are RFC 3339 strings. */
export type Json<T> = T extends Date
  ? string
  : T extends (infer U)[]
    ? Json<U>[]
    : T extends object
      ? { [K in keyof T]: Json<T[K]> }
      : T;

export type ObjectMeta = Json<k8s.V1ObjectMeta>;

/** Any object the API serves. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta & { name: string };
}

type Stored<T> = Json<T> & KubeObject;

export type Namespace = Stored<k8s.V1Namespace>;
export type Node = Stored<k8s.V1Node>;
export type Pod = Stored<k8s.V1Pod>;
export type PodSpec = NonNullable<Pod['spec']>;
export type Container = PodSpec['containers'][number];
export type Deployment = Stored<k8s.V1Deployment>;
export type ReplicaSet = Stored<k8s.V1ReplicaSet>;
export type StatefulSet = Stored<k8s.V1StatefulSet>;
export type DaemonSet = Stored<k8s.V1DaemonSet>;
export type ControllerRevision = Stored<k8s.V1ControllerRevision>;
export type Job = Stored<k8s.V1Job>;
export type Service = Stored<k8s.V1Service>;
export type EndpointSlice = Stored<k8s.V1EndpointSlice>;
export type ConfigMap = Stored<k8s.V1ConfigMap>;
export type Secret = Stored<k8s.V1Secret>;
export type Event = Stored<k8s.CoreV1Event>;
export type ServiceAccount = Stored<k8s.V1ServiceAccount>;
/** A ClusterRole too. */
export type Role = Stored<k8s.V1Role>;
export type PolicyRule = NonNullable<Role['rules']>[number];
/** A ClusterRoleBinding too. */
export type RoleBinding = Stored<k8s.V1RoleBinding>;
export type Lease = Stored<k8s.V1Lease>;
export type HorizontalPodAutoscaler = Stored<k8s.V2HorizontalPodAutoscaler>;
export type PersistentVolume = Stored<k8s.V1PersistentVolume>;
export type PersistentVolumeClaim = Stored<k8s.V1PersistentVolumeClaim>;
export type StorageClass = Stored<k8s.V1StorageClass>;
export type PodDisruptionBudget = Stored<k8s.V1PodDisruptionBudget>;

type NetworkPolicySpec = NonNullable<Json<k8s.V1NetworkPolicy>['spec']>;

/** A rule for either direction, as it travels: the client library's type calls `from` by another name. */
export interface NetworkPolicyRule {
  from?: Json<k8s.V1NetworkPolicyPeer>[];
  to?: Json<k8s.V1NetworkPolicyPeer>[];
  ports?: Json<k8s.V1NetworkPolicyPort>[];
}

export interface NetworkPolicy extends KubeObject {
  spec?: Omit<NetworkPolicySpec, 'ingress' | 'egress'> & {
    ingress?: NetworkPolicyRule[];
    egress?: NetworkPolicyRule[];
  };
}

/** What is broken on purpose; group `faults.breakwater.dev/v1alpha1`, namespaced, plural `faults`. */
export interface Fault extends KubeObject {
  spec: FaultSpec;
  status?: FaultStatus;
}

/** While there is one, no fault acts in the scope of its namespace; the same group, plural `faultblocks`. */
export interface FaultBlock extends KubeObject {
  spec: FaultBlockSpec;
  status?: FaultBlockStatus;
}

/** The value of a metric from outside; group `metrics.breakwater.dev/v1alpha1`, namespaced, plural `externalmetrics`. */
export interface ExternalMetric extends KubeObject {
  /** `value` is a quantity. */
  spec: { metricName: string; value: string };
}

/** Type of each kind the API serves, by kind name. */
export interface KindMap {
  Namespace: Namespace;
  Node: Node;
  Pod: Pod;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  ControllerRevision: ControllerRevision;
  Job: Job;
  Service: Service;
  EndpointSlice: EndpointSlice;
  NetworkPolicy: NetworkPolicy;
  ConfigMap: ConfigMap;
  Secret: Secret;
  Event: Event;
  PersistentVolume: PersistentVolume;
  PersistentVolumeClaim: PersistentVolumeClaim;
  StorageClass: StorageClass;
  Lease: Lease;
  PodDisruptionBudget: PodDisruptionBudget;
  HorizontalPodAutoscaler: HorizontalPodAutoscaler;
  ExternalMetric: ExternalMetric;
  ServiceAccount: ServiceAccount;
  Role: Role;
  RoleBinding: RoleBinding;
  ClusterRole: Role;
  ClusterRoleBinding: RoleBinding;
  Fault: Fault;
  FaultBlock: FaultBlock;
}

export type KindName = keyof KindMap;
