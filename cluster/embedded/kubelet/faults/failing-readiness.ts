import type { StartEffect } from './effect.ts';

/** The kubelet takes readiness probes for failed that were not: the pod leaves its Services, though its process is fine. */
export const failingReadiness: StartEffect<{ type: 'failing-readiness'; percent: number }> = (
  { percent },
  { tell },
) => {
  let failed = 0;
  tell({ failed });
  return {
    judge(probe, outcome) {
      if (probe !== 'readinessProbe' || !outcome.isWell || Math.random() * 100 >= percent) return outcome;
      tell({ failed: ++failed });
      return { isWell: false, message: 'its answer was lost (fault failing-readiness)' };
    },
    end: () => Promise.resolve(),
  };
};
