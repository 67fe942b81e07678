import type { VirtualResource } from '../registry/api-resource.ts';
import { selfSubjectAccessReview, selfSubjectRulesReview, subjectAccessReview } from './access-review.ts';
import { endpoints } from './endpoints.ts';
import { horizontalPodAutoscalerV1 } from './horizontal-pod-autoscaler-v1.ts';
import { selfSubjectReview, tokenReview } from './identity-review.ts';
import { nodeMetrics, podMetrics } from './metrics.ts';

/** Every resource that is answered without being stored. */
export const virtualResources: VirtualResource[] = [
  selfSubjectReview,
  tokenReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  nodeMetrics,
  podMetrics,
  endpoints,
  horizontalPodAutoscalerV1,
];
