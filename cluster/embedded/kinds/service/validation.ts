import type { FieldErrors } from '../field-errors.ts';
import { nameProblem } from '../names.ts';
import { validateLabels } from '../object-meta.ts';
import type { Service } from '../types.ts';
import { isServiceAddress } from './allocation.ts';

type Spec = NonNullable<Service['spec']>;

export function validateService({ spec, metadata }: Service, errors: FieldErrors, all: () => Service[]): void {
  if (!spec) return errors.required('spec');
  const others = all().filter((other) => other.metadata.uid !== metadata.uid);
  validateAllocations(spec, others, errors);
  errors.oneOf('spec.type', spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']);
  errors.oneOf('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']);
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
function validateAllocations({ clusterIP, ports = [] }: Spec, others: Service[], errors: FieldErrors): void {
  if (clusterIP && clusterIP !== 'None' && others.some(({ spec }) => spec?.clusterIP === clusterIP)) {
    const detail = `failed to allocate IP ${clusterIP}: provided IP is already allocated`;
    errors.invalid('spec.clusterIPs', [clusterIP], detail);
  }
  const taken = new Set(others.flatMap(({ spec }) => spec?.ports ?? []).map(({ nodePort }) => nodePort));
  for (const [index, { nodePort }] of ports.entries()) {
    if (nodePort && taken.has(nodePort))
      errors.invalid(`spec.ports[${index}].nodePort`, nodePort, 'provided port is already allocated');
  }
}

function validatePorts(spec: Spec, errors: FieldErrors): void {
  const ports = spec.ports ?? [];
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [index, { name, port, protocol, targetPort, nodePort }] of ports.entries()) {
    const path = `spec.ports[${index}]`;
    if (port === undefined) errors.required(`${path}.port`);
    errors.range(`${path}.port`, port, 1, 65535);
    errors.oneOf(`${path}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']);
    const target: unknown = targetPort;
    if (typeof target === 'number') errors.range(`${path}.targetPort`, target, 1, 65535);
    errors.range(`${path}.nodePort`, nodePort, 30000, 32767);
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
