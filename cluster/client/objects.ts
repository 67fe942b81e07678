/** Kubernetes objects as they travel in JSON, for those who know the cluster through this client. */
export type { Node, Pod } from '../embedded/kinds/types.ts';
