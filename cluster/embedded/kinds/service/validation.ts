import type { FieldErrors } from '../field-errors.ts';
import { nameProblem } from '../names.ts';
import { validateLabels } from '../object-meta.ts';
import type { Service } from '../types.ts';
import { isServiceAddress } from './allocation.ts';

type Spec = NonNullable<Service['spec']>;

export function validateService({ spec, metadata }: Service, errors: FieldErrors, all: () => Service[]): void {
  if (!spec) return;
  const others = all().filter((other) => other.metadata.uid !== metadata.uid);
  validateAllocations(spec, others, errors);
  if (spec.clusterIP === 'None' && ['NodePort', 'LoadBalancer'].includes(spec.type!))
    errors.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`);
  if (spec.externalTrafficPolicy && spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') {
    const detail = 'may only be set for externally-accessible services';
    errors.invalid('spec.externalTrafficPolicy', spec.externalTrafficPolicy, detail);
  }
  validateLabels(spec.selector, 'spec.selector', errors);
  if (spec.type === 'ExternalName') {
    if (!spec.externalName) errors.required('spec.externalName');
  } else if (spec.clusterIP && spec.clusterIP !== 'None' && !isServiceAddress(spec.clusterIP)) {
    errors.invalid('spec.clusterIPs[0]', spec.clusterIP, 'provided IP is not in the valid range 10.96.0.0/16');
  }
  const headless = spec.clusterIP === 'None';
  if (!spec.ports?.length && !headless && spec.type !== 'ExternalName') errors.required('spec.ports');
  validatePorts(spec, errors);
}

/** An address or node port that somebody asks for by number must be free. */
function validateAllocations({ clusterIP, type, ports = [] }: Spec, others: Service[], errors: FieldErrors): void {
  if (clusterIP && clusterIP !== 'None' && others.some(({ spec }) => spec?.clusterIP === clusterIP)) {
    const detail = `failed to allocate IP ${clusterIP}: provided IP is already allocated`;
    errors.invalid('spec.clusterIPs', [clusterIP], detail);
  }
  const taken = new Set(others.flatMap(({ spec }) => spec?.ports ?? []).map(({ nodePort }) => nodePort));
  for (const [index, { nodePort }] of ports.entries()) {
    const path = `spec.ports[${index}].nodePort`;
    if (nodePort && type === 'ClusterIP') errors.forbidden(path, "may not be used when `type` is 'ClusterIP'");
    else if (nodePort && taken.has(nodePort)) errors.invalid(path, nodePort, 'provided port is already allocated');
    taken.add(nodePort);
  }
}

function validatePorts(spec: Spec, errors: FieldErrors): void {
  const ports = spec.ports ?? [];
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [index, { name, port, protocol, nodePort }] of ports.entries()) {
    const path = `spec.ports[${index}]`;
    if (nodePort && spec.type === 'ClusterIP')
      errors.forbidden(`${path}.nodePort`, "may not be used when `type` is 'ClusterIP'");
    if (name) {
      const problem = nameProblem(name, 'label');
      if (problem) errors.invalid(`${path}.name`, name, problem);
      else if (names.has(name)) errors.duplicate(`${path}.name`, name);
      names.add(name);
    } else if (ports.length > 1) errors.required(`${path}.name`);
    const number = `${port}/${protocol}`;
    if (numbers.has(number)) errors.duplicate(path, { port, protocol });
    numbers.add(number);
  }
}

export function validateServiceUpdate({ spec }: Service, old: Service, errors: FieldErrors): void {
  const keeps = spec?.type !== 'ExternalName' && old.spec?.type !== 'ExternalName';
  if (keeps && old.spec?.clusterIP && spec?.clusterIP !== old.spec.clusterIP) {
    errors.invalid('spec.clusterIPs[0]', spec?.clusterIP, 'may not change once set');
  }
}
