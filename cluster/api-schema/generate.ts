/**
 * Writes facts.json: what Kubernetes' types are made of. Their structure is read from the OpenAPI documents of an API server, the
 * numbers of their fields in protobuf from a Go program of the same version that has the descriptors, kube-apiserver or kubectl:
 *
 *     node cluster/api-schema/generate.ts --kubeconfig FILE --program "$(command -v kubectl)"
 *
 * Names and structure are kept, upstream's sentences are not.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { messagesOf, numbersOf, type Messages } from './descriptors.ts';
import { elementOf, type FieldFacts, type TypeFacts, type Types } from './facts.ts';
import { metricsSchemas } from './metrics-schemas.ts';
import { scalarOf, typeOf, type Schema } from './open-api-type.ts';

/** All kinds of these are taken, with what they are made of: a new kind needs nothing here. */
const groupVersions = [
  'api/v1',
  'apis/admissionregistration.k8s.io/v1',
  'apis/apps/v1',
  'apis/authentication.k8s.io/v1',
  'apis/authorization.k8s.io/v1',
  'apis/autoscaling/v1',
  'apis/autoscaling/v2',
  'apis/batch/v1',
  'apis/coordination.k8s.io/v1',
  'apis/discovery.k8s.io/v1',
  'apis/events.k8s.io/v1',
  'apis/networking.k8s.io/v1',
  'apis/policy/v1',
  'apis/rbac.authorization.k8s.io/v1',
  'apis/scheduling.k8s.io/v1',
  'apis/storage.k8s.io/v1',
];

const { values } = parseArgs({ options: { kubeconfig: { type: 'string' }, program: { type: 'string' } } });
if (!values.kubeconfig || !values.program) throw new Error('say --kubeconfig FILE and --program FILE');

const schemas: Record<string, Schema> = { ...metricsSchemas };
for (const groupVersion of groupVersions) {
  const arguments_ = ['--kubeconfig', values.kubeconfig, 'get', '--raw', `/openapi/v3/${groupVersion}`];
  const document = execFileSync('kubectl', arguments_, { maxBuffer: 1e8 }).toString();
  Object.assign(schemas, (JSON.parse(document) as { components: { schemas: object } }).components.schemas);
}

const path = new URL('facts.json', import.meta.url);
const text = print(collect(schemas, messagesOf(values.program)));
writeFileSync(path, await format(text, { ...(await resolveConfig(fileURLToPath(path))), parser: 'json' }));

function collect(schemas: Record<string, Schema>, messages: Messages): Types {
  const types: Types = {};
  const visit = (name: string): void => {
    const schema = schemas[name]!;
    if (types[name] || scalarOf(name)) return;
    const fields = fieldsOf(schema);
    const kind = kindOf(schema);
    const { 'x-kubernetes-map-type': map } = schema;
    types[name] = { ...(kind && { kind }), ...(map === 'atomic' && { map }), fields };
    addNumbers(types[name], `.${name.replace(/^io\.k8s\./, 'k8s.io.')}`, messages);
    for (const { type } of Object.values(fields)) if (schemas[elementOf(type)]) visit(elementOf(type));
  };
  for (const [name, schema] of Object.entries(schemas)) if (kindOf(schema)) visit(name);
  return Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `apps/v1/Deployment`, `v1/Pod`; nothing for lists, which are what their items are. What every group has, such as DeleteOptions, is core's. */
function kindOf(schema: Schema): string | undefined {
  const kinds = schema['x-kubernetes-group-version-kind'] ?? [];
  const { group, version, kind } =
    kinds.find(({ group, version }) => group === '' && version === 'v1') ?? kinds[0] ?? {};
  const isList = kind?.endsWith('List') && schema.properties?.items;
  return kind && !isList ? `${group ? `${group}/` : ''}${version}/${kind}` : undefined;
}

function fieldsOf({ properties = {}, required = [] }: Schema): Record<string, FieldFacts> {
  const fields = Object.entries(properties).map(([name, schema]): [string, FieldFacts] => {
    const strategy = schema['x-kubernetes-patch-strategy']?.split(',') ?? [];
    const key = schema['x-kubernetes-patch-merge-key'];
    const values = schema.enum ?? schema.items?.enum;
    const list = schema['x-kubernetes-list-map-keys'] ?? schema['x-kubernetes-list-type'];
    const isZero = ['""', '0', 'false', '{}', undefined].includes(JSON.stringify(schema.default));
    return [
      name,
      {
        type: typeOf(schema),
        ...(required.includes(name) && { required: true }),
        ...(values && { enum: values }),
        ...(!isZero && { default: schema.default }),
        ...(JSON.stringify(schema.default) === '{}' && schemas[elementOf(typeOf(schema))] && { inline: true }),
        ...(list && { list: list as FieldFacts['list'] }),
        ...(schema['x-kubernetes-map-type'] === 'atomic' && { map: 'atomic' }),
        ...(strategy.includes('merge') && { merge: key ? { key } : {} }),
        ...(strategy.includes('retainKeys') && { retainKeys: true }),
      },
    ];
  });
  return Object.fromEntries(fields);
}

function addNumbers({ fields }: TypeFacts, message: string, messages: Messages): void {
  const numbers = numbersOf(messages, message, Object.keys(fields));
  for (const [name, { number, pointer }] of Object.entries(numbers)) {
    const { type, ...rest } = fields[name]!;
    fields[name] = { type, number, ...(pointer && elementOf(type) === type && { pointer: true }), ...rest };
  }
  const without = Object.keys(fields).filter((name) => !numbers[name] && name !== 'apiVersion' && name !== 'kind');
  if (without.length > 0) console.warn(`${message}: this program has no number for ${without.join(', ')}`);
}

/** JSON with a line for each field. */
function print(types: Types): string {
  const entries = Object.entries(types).map(([name, { fields, ...facts }]) => {
    const lines = Object.entries(fields).map(([field, facts]) => `${JSON.stringify(field)}: ${JSON.stringify(facts)}`);
    const head = Object.entries(facts).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
    return `${JSON.stringify(name)}: {\n${head.join('')}"fields": {\n${lines.join(',\n')}\n}}`;
  });
  return `{\n${entries.join(',\n')}\n}`;
}
