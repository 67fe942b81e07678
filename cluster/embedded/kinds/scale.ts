import { selectorText } from './columns.ts';
import type { Deployment, KubeObject } from './types.ts';

/** A `Scale` of autoscaling/v1. */
export interface Scale extends KubeObject {
  spec: { replicas: number };
  status: { replicas: number; selector?: string };
}

/** The scale of anything with spec.replicas. */
export function scaleOf(object: KubeObject): Scale {
  const { metadata, spec, status } = object as Deployment;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec?.replicas ?? 0 },
    status: { replicas: status?.replicas ?? 0, selector: selectorText(spec?.selector) },
  };
}

/** The object with another number of replicas. */
export function withReplicas<T extends KubeObject>(object: T, replicas: number): T {
  return { ...object, spec: { ...(object as unknown as Deployment).spec, replicas } } as T;
}
