import { isQuantity, parseQuantity } from '../../quantity.ts';
import type { FieldErrors } from '../field-errors.ts';
import { nameProblem } from '../names.ts';
import type { Container, PodSpec } from '../types.ts';

/** The rules for a pod's spec that concern what this cluster runs; `path` is where the spec is in its object. */
export function validatePodSpec(spec: PodSpec | undefined, path: string, errors: FieldErrors): void {
  if (!spec) return errors.required(path);
  const volumes = new Set<string>();
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    validateName(volume.name, `${path}.volumes[${index}].name`, volumes, errors);
  }
  if (!spec.containers?.length) errors.required(`${path}.containers`);
  const names = new Set<string>();
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      const where = `${path}.${list}[${index}]`;
      validateName(container.name, `${where}.name`, names, errors);
      validateContainer(container, where, volumes, errors);
      if (list === 'initContainers' && container.restartPolicy === 'Always') {
        errors.forbidden(`${where}.restartPolicy`, 'this cluster runs no sidecars: make it one of the containers');
      }
    }
  }
  errors.oneOf(`${path}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']);
  errors.oneOf(`${path}.dnsPolicy`, spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']);
  errors.range(`${path}.terminationGracePeriodSeconds`, spec.terminationGracePeriodSeconds, 0);
  errors.range(`${path}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 1, 2 ** 31 - 1);
}

function validateName(name: string | undefined, path: string, taken: Set<string>, errors: FieldErrors): void {
  if (!name) return errors.required(path);
  const problem = nameProblem(name, 'label');
  if (problem) errors.invalid(path, name, problem);
  else if (taken.has(name)) errors.duplicate(path, name);
  taken.add(name);
}

function validateContainer(container: Container, path: string, volumes: Set<string>, errors: FieldErrors): void {
  if (!container.image) errors.required(`${path}.image`);
  errors.oneOf(`${path}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']);
  for (const [index, port] of (container.ports ?? []).entries()) {
    const where = `${path}.ports[${index}]`;
    if (port.containerPort === undefined) errors.required(`${where}.containerPort`);
    errors.range(`${where}.containerPort`, port.containerPort, 1, 65535);
    errors.oneOf(`${where}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']);
    const isTaken = container.ports!.slice(0, index).some(({ name }) => name === port.name);
    if (port.name && isTaken) errors.duplicate(`${where}.name`, port.name);
  }
  validateResources(container.resources, `${path}.resources`, errors);
  for (const [index, variable] of (container.env ?? []).entries())
    validateVariable(variable, `${path}.env[${index}]`, errors);
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const where = `${path}.volumeMounts[${index}]`;
    if (!mount.mountPath) errors.required(`${where}.mountPath`);
    if (!mount.name) errors.required(`${where}.name`);
    else if (!volumes.has(mount.name)) errors.notFound(`${where}.name`, mount.name);
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[name]) validateProbe(container[name], `${path}.${name}`, name !== 'readinessProbe', errors);
  }
}

function validateResources(resources: Container['resources'], path: string, errors: FieldErrors): void {
  const { requests = {}, limits = {} } = resources ?? {};
  for (const [name, limit] of Object.entries(limits)) {
    const request = requests[name];
    if (request === undefined || !isQuantity(request) || !isQuantity(limit)) continue;
    if (parseQuantity(request) > parseQuantity(limit))
      errors.invalid(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`);
  }
}

type Variable = NonNullable<Container['env']>[number];

function validateVariable(variable: Variable, path: string, errors: FieldErrors): void {
  if (!variable.name) errors.required(`${path}.name`);
  else if (variable.name.includes('=')) errors.invalid(`${path}.name`, variable.name, "must not contain '='");
  const { valueFrom } = variable;
  if (!valueFrom) return;
  const sources = Object.keys(valueFrom).length;
  if (variable.value) errors.invalid(`${path}.valueFrom`, '', 'may not be specified when `value` is not empty');
  if (sources === 0)
    errors.invalid(
      `${path}.valueFrom`,
      '',
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    );
  if (sources > 1) errors.invalid(`${path}.valueFrom`, '', 'may not have more than one field specified at a time');
  for (const source of ['configMapKeyRef', 'secretKeyRef'] as const) {
    if (valueFrom[source] && !valueFrom[source].key) errors.required(`${path}.valueFrom.${source}.key`);
  }
}

function validateProbe(
  probe: NonNullable<Container['livenessProbe']>,
  path: string,
  onlyOneSuccess: boolean,
  errors: FieldErrors,
): void {
  const handlers = (['exec', 'grpc', 'httpGet', 'tcpSocket'] as const).filter((handler) => probe[handler]);
  if (handlers.length === 0) errors.required(path, 'must specify a handler type');
  for (const handler of handlers.slice(1))
    errors.forbidden(`${path}.${handler}`, 'may not specify more than 1 handler type');
  for (const handler of ['exec', 'grpc'] as const) {
    if (probe[handler]) errors.forbidden(`${path}.${handler}`, 'this cluster probes by httpGet and tcpSocket only');
  }
  errors.range(`${path}.initialDelaySeconds`, probe.initialDelaySeconds, 0);
  errors.range(`${path}.periodSeconds`, probe.periodSeconds, 1);
  errors.range(`${path}.timeoutSeconds`, probe.timeoutSeconds, 1);
  errors.range(`${path}.failureThreshold`, probe.failureThreshold, 1);
  errors.range(`${path}.successThreshold`, probe.successThreshold, 1);
  if (onlyOneSuccess && probe.successThreshold !== undefined && probe.successThreshold > 1) {
    errors.invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1');
  }
  for (const handler of ['httpGet', 'tcpSocket'] as const) {
    const action = probe[handler];
    if (action && action.port === undefined) errors.required(`${path}.${handler}.port`);
    if (typeof action?.port === 'number') errors.range(`${path}.${handler}.port`, action.port, 1, 65535);
  }
}
