import { elementOf, types as kubernetesTypes, type FieldFacts, type Types } from '../../../api-schema/facts.ts';
import type { Kind } from '../kind.ts';
import { descriptionsOf } from '../../../api-schema/descriptions.ts';

type Schema = Record<string, unknown>;

const scalars: Record<string, Schema> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  number: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  any: { type: 'object' },
};

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const time: Schema = { type: 'string', format: 'date-time' };

/** Scalars that have a schema of their own, as in Kubernetes: kubectl shows their names as types. */
const named: Record<string, [name: string, schema: Schema]> = {
  time: [`${meta}.Time`, time],
  microTime: [`${meta}.MicroTime`, time],
  quantity: ['io.k8s.apimachinery.pkg.api.resource.Quantity', { oneOf: [{ type: 'string' }, { type: 'number' }] }],
  intOrString: [
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
  ],
};

/** The schemas of kinds and of all they are made of, as OpenAPI v3 has them below `components`, by name. */
export function openApiSchemas(kinds: Kind[]): Record<string, Schema> {
  const types: Types = Object.assign({}, kubernetesTypes, ...kinds.map(({ types }) => types));
  const schemas: Record<string, Schema> = {};
  const own = new Map(
    kinds.flatMap((kind) => Object.keys(kind.types ?? {}).map((type) => [type, ownName(kind, type)])),
  );
  for (const { model, group, version, kind } of kinds) {
    visit(model);
    schemas[nameOf(model)]!['x-kubernetes-group-version-kind'] = [{ group, version, kind }];
  }
  return schemas;

  function nameOf(type: string): string {
    return own.get(type) ?? type;
  }

  function visit(type: string): Schema {
    const name = nameOf(type);
    if (schemas[name]) return reference(name);
    const schema: Schema = (schemas[name] = {});
    const descriptions = descriptionsOf(type);
    const { fields, map } = types[type]!;
    const properties = Object.entries(fields).map(([field, facts]) => {
      return [field, described(fieldSchema(facts), descriptions.fields[field])];
    });
    const required = Object.keys(fields).filter((field) => fields[field]!.required);
    Object.assign(
      schema,
      { ...(descriptions.type && { description: descriptions.type }), type: 'object' },
      { properties: Object.fromEntries(properties) },
      required.length > 0 && { required },
      map && { 'x-kubernetes-map-type': map },
    );
    return reference(name);
  }

  function typeSchema(type: string, values?: string[]): Schema {
    if (type.endsWith('[]')) return { type: 'array', items: typeSchema(type.slice(0, -2), values) };
    if (type.startsWith('{')) return { type: 'object', additionalProperties: typeSchema(elementOf(type)) };
    if (types[type]) return visit(type);
    if (!named[type]) return { ...scalars[type]!, ...(values && { enum: values }) };
    const [name, schema] = named[type];
    schemas[name] = schema;
    return reference(name);
  }

  function fieldSchema({ type, enum: values, default: value, list, map, merge, retainKeys }: FieldFacts): Schema {
    const strategy = [merge && 'merge', retainKeys && 'retainKeys'].filter(Boolean);
    return {
      ...typeSchema(type, values),
      ...(value !== undefined && { default: value }),
      ...(list && { 'x-kubernetes-list-type': Array.isArray(list) ? 'map' : list }),
      ...(Array.isArray(list) && { 'x-kubernetes-list-map-keys': list }),
      ...(map && { 'x-kubernetes-map-type': map }),
      ...(strategy.length > 0 && { 'x-kubernetes-patch-strategy': strategy.join(',') }),
      ...(merge?.key && { 'x-kubernetes-patch-merge-key': merge.key }),
    };
  }
}

/** What stands beside a `$ref` does not count, so that goes inside. */
function described(schema: Schema, description: string | undefined): Schema {
  const { $ref, ...rest } = schema;
  return { ...(description && { description }), ...rest, ...($ref !== undefined && { allOf: [{ $ref }] }) };
}

function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** `dev.breakwater.faults.v1alpha1.Fault`: as Kubernetes names the types of its own, by group and version from behind. */
function ownName({ group, version }: Kind, type: string): string {
  return [...group.split('.').reverse(), version, type].join('.');
}
