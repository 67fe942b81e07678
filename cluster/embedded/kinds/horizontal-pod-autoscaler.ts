import { ageColumn, column, tally, nameColumn } from './columns.ts';
import type { FieldErrors } from './field-errors.ts';
import { defineKind } from './kind.ts';
import type { HorizontalPodAutoscaler } from './types.ts';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
type MetricSpec = NonNullable<Spec['metrics']>[number];
type MetricStatus = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];

const sources = ['resource', 'containerResource', 'external', 'pods', 'object'] as const;

export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  status: true,
  columns: [
    nameColumn,
    column('Reference', ({ spec }) => `${spec?.scaleTargetRef.kind}/${spec?.scaleTargetRef.name}`),
    column('Targets', targets),
    column('MinPods', ({ spec }) => String(spec?.minReplicas ?? '<unset>')),
    tally('MaxPods', ({ spec }) => spec?.maxReplicas),
    tally('Replicas', ({ status }) => status?.currentReplicas),
    ageColumn,
  ],

  defaults({ spec }) {
    if (!spec) return;
    spec.metrics ??= [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ];
  },

  onCreate(draft) {
    draft.status = { desiredReplicas: 0 };
  },

  validate({ spec }, errors) {
    if (!spec) return;
    if (spec.maxReplicas < (spec.minReplicas ?? 1)) {
      errors.invalid('spec.maxReplicas', spec.maxReplicas, 'must be greater than or equal to `minReplicas`');
    }
    for (const [index, metric] of (spec.metrics ?? []).entries())
      validateMetric(metric, `spec.metrics[${index}]`, errors);
  },
});

function validateMetric(metric: MetricSpec, path: string, errors: FieldErrors): void {
  const source = sources.find((name) => name.toLowerCase() === metric.type?.toLowerCase());
  if (!source) return;
  if (!metric[source])
    return errors.required(`${path}.${source}`, 'must populate information for the given metric source');
  const { averageUtilization, averageValue } = metric[source].target ?? {};
  if (source.endsWith('esource') && averageUtilization === undefined && averageValue === undefined) {
    const detail = 'must set either a target raw value or a target utilization';
    errors.required(`${path}.${source}.target.averageUtilization`, detail);
  }
}

/** As kubectl prints them: `cpu: 12%/50%`, `<unknown>/5 (avg)`. */
function targets({ spec, status }: HorizontalPodAutoscaler): string {
  const all = (spec?.metrics ?? []).map((metric, index) => targetOf(metric, status?.currentMetrics?.[index]));
  if (all.length === 0) return '<none>';
  return all.length > 2 ? `${all.slice(0, 2).join(', ')} + ${all.length - 2} more...` : all.join(', ');
}

function targetOf(metric: MetricSpec, current: MetricStatus | undefined): string {
  const source = metric.resource ?? metric.containerResource;
  const target = source?.target ?? metric.external?.target;
  const now = current?.resource?.current ?? current?.containerResource?.current ?? current?.external?.current;
  const name = source ? `${source.name}: ` : '';
  if (!target) return '<unknown type>';
  if (target.type === 'Utilization') {
    const use = now?.averageUtilization === undefined ? '<unknown>' : `${now.averageUtilization}%`;
    return `${name}${use}/${target.averageUtilization}%`;
  }
  if (target.type === 'Value') return `${name}${now?.value ?? '<unknown>'}/${target.value}`;
  return `${name}${now?.averageValue ?? '<unknown>'}/${target.averageValue}${source ? '' : ' (avg)'}`;
}
