import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';

/** Who speaks: the service by OTEL_SERVICE_NAME, the pod by POD_NAME and NODE_NAME (the downward API). */
export function serviceResource(): Resource {
  const pod = process.env['POD_NAME'];
  const node = process.env['NODE_NAME'];
  return resourceFromAttributes({
    'service.name': process.env['OTEL_SERVICE_NAME'] || 'unknown_service:node',
    // One per run of the container, not per pod: its counters begin at zero again after a restart.
    'service.instance.id': randomUUID(),
    'host.name': hostname(),
    ...(pod && { 'k8s.pod.name': pod }),
    ...(node && { 'k8s.node.name': node }),
  });
}
