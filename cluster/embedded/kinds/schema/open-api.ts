import type { Kind } from '../kind.ts';
import { descriptionsOf } from './descriptions.ts';
import models from './models.json' with { type: 'json' };
import type { Models } from './schema.ts';

type Schema = Record<string, unknown>;

const scalars: Record<string, Schema> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  number: { type: 'number' },
  time: { type: 'string', format: 'date-time' },
  bytes: { type: 'string', format: 'byte' },
  any: { type: 'object' },
};

/** Scalars that have a schema of their own, as in Kubernetes: kubectl shows their names as types. */
const named: Record<string, [name: string, schema: Schema]> = {
  quantity: ['resource.Quantity', { oneOf: [{ type: 'string' }, { type: 'number' }] }],
  intOrString: ['intstr.IntOrString', { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' }],
};

/** The schemas of kinds and of all they are made of, as OpenAPI v3 has them below `components`, by name. */
export function openApiSchemas(kinds: Kind[]): Record<string, Schema> {
  const types: Models = Object.assign({}, models as Models, ...kinds.map(({ types }) => types));
  const schemas: Record<string, Schema> = Object.fromEntries(Object.values(named));
  const visit = (model: string): Schema => {
    const name = nameOf(model);
    if (!schemas[name]) {
      const schema: Schema = (schemas[name] = {});
      const { type: description, fields, required } = descriptionsOf(model);
      const properties = Object.entries(types[model]!).map(([field, type]) => {
        return [field, described(schemaOf(type), fields[field])];
      });
      Object.assign(schema, { description, type: 'object', properties: Object.fromEntries(properties) });
      if (required.length > 0) schema.required = required;
    }
    return reference(name);
  };
  const schemaOf = (type: string): Schema => {
    if (type.endsWith('[]')) return { type: 'array', items: schemaOf(type.slice(0, -2)) };
    if (type.startsWith('{')) return { type: 'object', additionalProperties: schemaOf(type.slice(1, -1)) };
    if (types[type]) return visit(type);
    return named[type] ? reference(named[type][0]) : scalars[type]!;
  };
  for (const { model, group, version, kind } of kinds) {
    visit(model);
    schemas[nameOf(model)]!['x-kubernetes-group-version-kind'] = [{ group, version, kind }];
  }
  return schemas;
}

/** What stands beside a `$ref` does not count, so that goes inside. */
function described(schema: Schema, description: string | undefined): Schema {
  if (!description) return schema;
  return { description, ...('$ref' in schema ? { allOf: [schema] } : schema) };
}

function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** `V1PodSpec` as `V1.PodSpec`: kubectl shows what is behind the last dot as the type. */
function nameOf(model: string): string {
  return model.replace(/^((?:Core|Discovery)?V1)/, '$1.');
}
