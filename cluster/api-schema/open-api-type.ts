/** What is read of a schema of OpenAPI v3. */
export interface Schema {
  type?: string;
  format?: string;
  $ref?: string;
  allOf?: Schema[];
  items?: Schema;
  additionalProperties?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: string[];
  default?: unknown;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-patch-merge-key'?: string;
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

/** Schemas that stand for one value, which the facts name for themselves. */
const scalars: Record<string, string> = {
  [`${meta}FieldsV1`]: 'any',
  [`${meta}MicroTime`]: 'microTime',
  [`${meta}Time`]: 'time',
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'any',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
};

/** The facts' name for a schema that stands for one value; undefined for any other. */
export function scalarOf(name: string): string | undefined {
  return scalars[name];
}

/** The type of a schema as the facts write it. */
export function typeOf(schema: Schema): string {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference) {
    const name = reference.replace('#/components/schemas/', '');
    return scalars[name] ?? name;
  }
  if (schema.items) return `${typeOf(schema.items)}[]`;
  if (schema.additionalProperties) return `{${typeOf(schema.additionalProperties)}}`;
  if (schema.format === 'byte') return 'bytes';
  if (schema.type === 'integer') return schema.format!;
  return schema.type === 'object' || !schema.type ? 'any' : schema.type;
}
