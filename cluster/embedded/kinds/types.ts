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
export type Service = Stored<k8s.V1Service>;
export type EndpointSlice = Stored<k8s.V1EndpointSlice>;
export type ConfigMap = Stored<k8s.V1ConfigMap>;
export type Secret = Stored<k8s.V1Secret>;
export type Event = Stored<k8s.CoreV1Event>;
export type Lease = Stored<k8s.V1Lease>;

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

/** Type of each kind the API serves, by kind name. */
export interface KindMap {
  Namespace: Namespace;
  Node: Node;
  Pod: Pod;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  Service: Service;
  EndpointSlice: EndpointSlice;
  ConfigMap: ConfigMap;
  Secret: Secret;
  Event: Event;
  Lease: Lease;
  Fault: Fault;
  FaultBlock: FaultBlock;
}

export type KindName = keyof KindMap;
