import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { detectResources, envDetector, resourceFromAttributes, type Resource } from '@opentelemetry/resources';

/**
 * Who speaks: the service by OTEL_SERVICE_NAME, the pod by POD_NAME, POD_NAMESPACE and NODE_NAME (the downward API). A service
 * that belongs to a system in another namespace says so in OTEL_RESOURCE_ATTRIBUTES: `service.namespace=shop`.
 */
export function serviceResource(): Resource {
  const pod = process.env['POD_NAME'];
  const namespace = process.env['POD_NAMESPACE'];
  const node = process.env['NODE_NAME'];
  const own = resourceFromAttributes({
    'service.name': process.env['OTEL_SERVICE_NAME'] || 'unknown_service:node',
    // One per run of the container, not per pod: its counters begin at zero again after a restart.
    'service.instance.id': randomUUID(),
    'host.name': hostname(),
    ...(pod && { 'k8s.pod.name': pod }),
    ...(namespace && { 'k8s.namespace.name': namespace }),
    ...(node && { 'k8s.node.name': node }),
  });
  return detectResources({ detectors: [envDetector] }).merge(own);
}
