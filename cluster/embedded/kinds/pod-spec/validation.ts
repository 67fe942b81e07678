import { isQuantity, parseQuantity } from '../../quantity.ts';
import type { FieldErrors } from '../field-errors.ts';
import { nameProblem } from '../names.ts';
import type { Container, PodSpec } from '../types.ts';
import { validateVolumeMounts } from './volume-mounts.ts';

/** What a container may ask for without a domain before its name. */
const STANDARD = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/** The rules for a pod's spec that concern what this cluster runs; `path` is where the spec is in its object. */
export function validatePodSpec(spec: PodSpec | undefined, path: string, errors: FieldErrors): void {
  if (!spec) return errors.required(path);
  const volumes = new Set<string>();
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    const where = `${path}.volumes[${index}]`;
    validateName(volume.name, `${where}.name`, volumes, errors);
    const kinds = Object.keys(volume).filter((field) => field !== 'name');
    for (const kind of kinds.slice(1)) errors.forbidden(`${where}.${kind}`, 'may not specify more than 1 volume type');
  }
  for (const [index, toleration] of (spec.tolerations ?? []).entries())
    validateToleration(toleration, `${path}.tolerations[${index}]`, errors);
  const names = new Set<string>();
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      const where = `${path}.${list}[${index}]`;
      validateName(container.name, `${where}.name`, names, errors);
      validateContainer(container, where, volumes, errors);
      if (list === 'initContainers' && container.restartPolicy !== 'Always') {
        const why = 'may not be set for init containers without restartPolicy=Always';
        forbid(container, ofThoseThatStay, where, why, errors);
      } else if (list === 'ephemeralContainers') {
        forbid(container, ofThePod, where, 'cannot be set for an Ephemeral Container', errors);
      }
    }
  }
}

/** What makes sense only for a container that stays. */
const ofThoseThatStay = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;
/** What would be asked of the pod as a whole. */
const ofThePod = [...ofThoseThatStay, 'ports', 'resources'] as const;

function forbid(
  container: Container,
  fields: readonly (typeof ofThePod)[number][],
  path: string,
  why: string,
  errors: FieldErrors,
): void {
  const set = fields.filter((field) => Object.keys(container[field] ?? {}).length > 0);
  for (const field of set) errors.forbidden(`${path}.${field}`, why);
}

function validateName(name: string | undefined, path: string, taken: Set<string>, errors: FieldErrors): void {
  if (!name) return;
  const problem = nameProblem(name, 'label');
  if (problem) errors.invalid(path, name, problem);
  else if (taken.has(name)) errors.duplicate(path, name);
  taken.add(name);
}

function validateContainer(container: Container, path: string, volumes: Set<string>, errors: FieldErrors): void {
  for (const [index, { name }] of (container.ports ?? []).entries()) {
    const isTaken = container.ports!.slice(0, index).some((other) => other.name === name);
    if (name && isTaken) errors.duplicate(`${path}.ports[${index}].name`, name);
  }
  validateResources(container.resources, `${path}.resources`, errors);
  for (const hook of ['postStart', 'preStop'] as const) {
    const handler = container.lifecycle?.[hook];
    if (handler && Object.keys(handler).length === 0)
      errors.required(`${path}.lifecycle.${hook}`, 'must specify a handler type');
  }
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    // Upstream names it without the index.
    if (!configMapRef && !secretRef)
      errors.invalid(`${path}.envFrom`, '', 'must specify one of: `configMapRef` or `secretRef`');
  }
  const { image } = container;
  if (image && image.trim() !== image)
    errors.invalid(`${path}.image`, image, 'must not have leading or trailing whitespace');
  for (const [index, variable] of (container.env ?? []).entries())
    validateVariable(variable, `${path}.env[${index}]`, errors);
  validateVolumeMounts(container.volumeMounts ?? [], path, volumes, errors);
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[name]) validateProbe(container[name], `${path}.${name}`, name !== 'readinessProbe', errors);
  }
}

function validateResources(resources: Container['resources'], path: string, errors: FieldErrors): void {
  const { requests = {}, limits = {} } = resources ?? {};
  for (const [field, amounts] of Object.entries({ limits, requests })) {
    for (const [name, amount] of Object.entries(amounts)) {
      const where = `${path}.${field}[${name}]`;
      if (!name.includes('/') && !STANDARD.test(name)) {
        errors.invalid(where, name, 'must be a standard resource type or fully qualified');
        errors.invalid(where, name, 'must be a standard resource for containers');
      } else if (isQuantity(amount) && parseQuantity(amount) < 0)
        errors.invalid(where, amount, 'must be greater than or equal to 0');
    }
  }
  for (const [name, limit] of Object.entries(limits)) {
    const request = requests[name];
    if (request === undefined || !isQuantity(request) || !isQuantity(limit)) continue;
    if (parseQuantity(request) > parseQuantity(limit))
      errors.invalid(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`);
  }
}

type Toleration = NonNullable<PodSpec['tolerations']>[number];

function validateToleration(
  { key, operator = 'Equal', value, effect, tolerationSeconds }: Toleration,
  path: string,
  errors: FieldErrors,
): void {
  if (!key && operator !== 'Exists') {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.invalid(`${path}.operator`, operator, detail);
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute')
    errors.invalid(`${path}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set");
  if (operator === 'Exists' && value)
    errors.invalid(`${path}.operator`, value, "value must be empty when `operator` is 'Exists'");
}

type Variable = NonNullable<Container['env']>[number];

function validateVariable(variable: Variable, path: string, errors: FieldErrors): void {
  if (variable.name?.includes('=')) errors.invalid(`${path}.name`, variable.name, "must not contain '='");
  const { valueFrom } = variable;
  if (!valueFrom) return;
  const sources = Object.keys(valueFrom).length;
  if (variable.value) errors.invalid(`${path}.valueFrom`, '', 'may not be specified when `value` is not empty');
  const oneOf = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`';
  if (sources === 0) errors.invalid(`${path}.valueFrom`, '', oneOf);
  if (sources > 1) errors.invalid(`${path}.valueFrom`, '', 'may not have more than one field specified at a time');
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
  if (probe.grpc) errors.forbidden(`${path}.grpc`, 'this cluster probes by exec, httpGet and tcpSocket only');
  if (onlyOneSuccess && probe.successThreshold !== undefined && probe.successThreshold > 1) {
    errors.invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1');
  }
}
