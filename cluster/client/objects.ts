/** Kubernetes objects as they travel in JSON, for those who know the cluster through this client. */
export type { Deployment, Node, Pod, Service } from '../embedded/kinds/types.ts';
