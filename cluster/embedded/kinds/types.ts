import type * as k8s from '@kubernetes/client-node';

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

/**
 * A fault on the connections of one edge; group `faults.breakwater.dev/v1alpha1`, namespaced, plural `networkfaults`.
 * The data plane ends it by itself at `expiresAt`, whoever else has died by then.
 */
export interface NetworkFault extends KubeObject {
  spec: {
    /** Value of the `app` label of the calling pods; absent means every caller. */
    source?: string;
    /** Name of the Service that is called. */
    destination: string;
    /** Added one way, each way, to every chunk of bytes, in ms. */
    delayMs?: number;
    /** Uniformly more or less than delayMs, in ms. */
    jitterMs?: number;
    /** RFC 3339. */
    expiresAt: string;
  };
  status?: {
    phase: 'Active' | 'Expired';
    /** Requests (client-to-server bursts of bytes) held back so far. */
    delayed: number;
    /** Connections it has acted on, and the calling pods they came from. */
    connections: number;
    pods: string[];
  };
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
  NetworkFault: NetworkFault;
}

export type KindName = keyof KindMap;
