import type { Schema } from './open-api-type.ts';

const meta = '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.';
const metrics = 'io.k8s.metrics.pkg.apis.metrics.v1beta1.';
const string: Schema = { type: 'string' };
const usage: Schema = {
  type: 'object',
  additionalProperties: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity' },
};

function kind(kind: string, properties: Record<string, Schema>, required: string[]): Schema {
  return {
    properties: {
      apiVersion: string,
      kind: string,
      metadata: { $ref: `${meta}ObjectMeta` },
      timestamp: { $ref: `${meta}Time` },
      window: string,
      ...properties,
    },
    required: ['timestamp', 'window', ...required],
    'x-kubernetes-group-version-kind': [{ group: 'metrics.k8s.io', version: 'v1beta1', kind }],
  };
}

/**
 * The types of metrics.k8s.io (k8s.io/metrics), which an API server serves only with metrics-server beside it. A Duration is text
 * in JSON: `window: 10s`.
 */
export const metricsSchemas: Record<string, Schema> = {
  [`${metrics}ContainerMetrics`]: { properties: { name: string, usage }, required: ['name', 'usage'] },
  [`${metrics}NodeMetrics`]: kind('NodeMetrics', { usage }, ['usage']),
  [`${metrics}PodMetrics`]: kind(
    'PodMetrics',
    {
      containers: {
        type: 'array',
        items: { $ref: `#/components/schemas/${metrics}ContainerMetrics` },
        'x-kubernetes-list-type': 'atomic',
      },
    },
    ['containers'],
  ),
};
