import type { HorizontalPodAutoscaler } from '../../kinds/types.ts';

type Behavior = NonNullable<NonNullable<HorizontalPodAutoscaler['spec']>['behavior']>;
type Rules = NonNullable<Behavior['scaleUp']>;

/** What is remembered of an autoscaler between two looks. Times are unix time in ms. */
export interface History {
  recommendations: { at: number; replicas: number }[];
  /** How far each rescale went; below 0 for down. */
  changes: { at: number; by: number }[];
}

export interface Limited {
  replicas: number;
  /** Whether recent recommendations, rather than the latest, decide. */
  stabilized: boolean;
  /** Of the condition ScalingLimited. */
  limited: { status: 'True' | 'False'; reason: string; message: string };
}

/** https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#default-behavior */
const defaults = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    selectPolicy: 'Max',
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
  },
};

/**
 * A recommendation as the behavior lets it through: not beyond what was recommended within the stabilization windows, not
 * faster than the policies, and within the bounds. Notes the recommendation in the history.
 */
export function limit(
  recommended: number,
  current: number,
  { minReplicas = 1, maxReplicas, behavior }: NonNullable<HorizontalPodAutoscaler['spec']>,
  history: History,
  now: number,
): Limited {
  const up = { ...defaults.scaleUp, ...given(behavior?.scaleUp) };
  const down = { ...defaults.scaleDown, ...given(behavior?.scaleDown) };
  history.recommendations.push({ at: now, replicas: recommended });
  const within = (seconds: number) =>
    history.recommendations.filter(({ at }) => at > now - seconds * 1000 || at === now).map(({ replicas }) => replicas);
  const lowest = Math.min(...within(up.stabilizationWindowSeconds));
  const highest = Math.max(...within(down.stabilizationWindowSeconds));
  const stable = Math.min(Math.max(current, lowest), highest);
  const longest = Math.max(up.stabilizationWindowSeconds, down.stabilizationWindowSeconds);
  history.recommendations = history.recommendations.filter(({ at }) => at > now - longest * 1000);

  const rate =
    stable > current
      ? Math.max(current, bound(up, current, history, now, 1))
      : Math.min(current, bound(down, current, history, now, -1));
  const [floor, ceiling] =
    stable > current ? [minReplicas, Math.min(maxReplicas, rate)] : [Math.max(minReplicas, rate), maxReplicas];
  const replicas = Math.min(Math.max(stable, floor), ceiling);
  return {
    replicas,
    stabilized: stable !== recommended,
    limited: reasonFor(stable, replicas, minReplicas, maxReplicas),
  };
}

function reasonFor(wanted: number, replicas: number, min: number, max: number): Limited['limited'] {
  if (wanted === replicas) {
    const message = 'the desired count is within the acceptable range';
    return { status: 'False', reason: 'DesiredWithinRange', message };
  }
  if (wanted > replicas) {
    return replicas === max
      ? {
          status: 'True',
          reason: 'TooManyReplicas',
          message: 'the desired replica count is more than the maximum replica count',
        }
      : {
          status: 'True',
          reason: 'ScaleUpLimit',
          message: 'the desired replica count is increasing faster than the maximum scale rate',
        };
  }
  return replicas === min
    ? {
        status: 'True',
        reason: 'TooFewReplicas',
        message: 'the desired replica count is less than the minimum replica count',
      }
    : {
        status: 'True',
        reason: 'ScaleDownLimit',
        message: 'the desired replica count is decreasing faster than the maximum scale rate',
      };
}

type Complete = typeof defaults.scaleUp;

/** Without what is not given, so that the defaults stand. */
function given(rules: Rules | undefined): Partial<Complete> {
  return Object.fromEntries(
    Object.entries(rules ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<Complete>;
}

/** How far the policies let it go from what there was at the beginning of their periods. */
function bound(
  { selectPolicy, policies }: Complete,
  current: number,
  history: History,
  now: number,
  sign: 1 | -1,
): number {
  if (selectPolicy === 'Disabled') return current;
  const bounds = policies.map(({ type, value, periodSeconds }) => {
    const recent = history.changes.filter(({ at }) => at > now - periodSeconds * 1000);
    const start = current - recent.reduce((total, { by }) => total + by, 0);
    if (type === 'Pods') return start + sign * value;
    return sign > 0 ? Math.ceil(start * (1 + value / 100)) : Math.trunc(start * (1 - value / 100));
  });
  const furthest = selectPolicy === 'Min' ? sign < 0 : sign > 0;
  return furthest ? Math.max(...bounds) : Math.min(...bounds);
}
