import { ageColumn, column, labelsCell, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { isQuantity } from '../quantity.ts';
import type { ExternalMetric } from './types.ts';

/**
 * The value of a metric that comes from outside of the pods, such as the length of a queue; whoever knows it writes it. It is what a
 * HorizontalPodAutoscaler's External metrics are read from: by `spec.metricName`, and by the labels of the object.
 */
export const externalMetric = defineKind<ExternalMetric>({
  group: 'metrics.breakwater.dev',
  version: 'v1alpha1',
  kind: 'ExternalMetric',
  shortNames: ['em'],
  namespaced: true,
  types: {
    ExternalMetric: { spec: 'ExternalMetricSpec' },
    ExternalMetricSpec: { metricName: 'string', value: 'quantity' },
  },
  generation: true,
  columns: [
    nameColumn,
    column('Metric', ({ spec }) => spec.metricName),
    column('Value', ({ spec }) => spec.value),
    column('Labels', ({ metadata }) => labelsCell(metadata.labels), true),
    ageColumn,
  ],

  validate({ spec }, errors) {
    if (!spec?.metricName) errors.required('spec.metricName');
    if (!spec?.value) errors.required('spec.value');
    else if (!isQuantity(spec.value)) errors.invalid('spec.value', spec.value, 'must be a quantity');
  },
});
