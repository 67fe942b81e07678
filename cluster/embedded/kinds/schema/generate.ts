/**
 * Writes models.json: the fields of every type our kinds are made of, from client-node's models, which are generated from
 * Kubernetes' own OpenAPI. Run it after an update of client-node: `node cluster/embedded/kinds/schema/generate.ts`.
 */
import { writeFileSync } from 'node:fs';
import * as clientNode from '@kubernetes/client-node';
import type { Models } from './schema.ts';

/** Where the schema starts: the kinds' types, and the bodies of subresources. */
const roots = [
  'V1Namespace',
  'V1Node',
  'V1Pod',
  'V1Deployment',
  'V1ReplicaSet',
  'V1Service',
  'V1EndpointSlice',
  'V1ConfigMap',
  'V1Secret',
  'CoreV1Event',
  'V1Lease',
  'V1Scale',
  'V1Eviction',
  'V1Binding',
  'V1DeleteOptions',
  'V1SelfSubjectAccessReview',
  'V1SelfSubjectRulesReview',
];

/** Fields that hold a resource.Quantity, which the models give as a plain string: numbers are fine there too. */
const quantities = new Set([
  'V1ContainerStatus.allocatedResources',
  'V1EmptyDirVolumeSource.sizeLimit',
  'V1NodeStatus.allocatable',
  'V1NodeStatus.capacity',
  'V1PodSpec.overhead',
  'V1ResourceFieldSelector.divisor',
  'V1ResourceRequirements.limits',
  'V1ResourceRequirements.requests',
  'V1VolumeResourceRequirements.limits',
  'V1VolumeResourceRequirements.requests',
]);

interface Attribute {
  baseName: string;
  type: string;
  format: string;
}

const classes = clientNode as unknown as Record<string, { getAttributeTypeMap?: () => Attribute[] } | undefined>;

const scalars: Record<string, string> = {
  string: 'string',
  boolean: 'boolean',
  Date: 'time',
  V1MicroTime: 'time',
  IntOrString: 'intOrString',
  any: 'any',
  object: 'any',
};

/** The models as models.json holds them. */
export function generateModels(): Models {
  const models: Models = {};
  const visit = (type: string): void => {
    if (models[type]) return;
    const fields: Record<string, string> = (models[type] = {});
    for (const attribute of classes[type]!.getAttributeTypeMap!()) {
      const list = /^(?:Array|Set)<(.*)>$/.exec(attribute.type);
      const map = /^\{ \[key: string\]: (.*); \}$/.exec(attribute.type);
      const element = (list ?? map)?.[1] ?? attribute.type;
      const isModel = classes[element]?.getAttributeTypeMap !== undefined;
      if (isModel) visit(element);
      const name = isModel ? element : scalar(element, attribute, `${type}.${attribute.baseName}`);
      fields[attribute.baseName] = list ? `${name}[]` : map ? `{${name}}` : name;
    }
  };
  roots.forEach(visit);
  return Object.fromEntries(Object.entries(models).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function scalar(element: string, { format }: Attribute, field: string): string {
  if (quantities.has(field)) return 'quantity';
  if (format === 'byte') return 'bytes';
  if (element === 'number') return format.startsWith('int') ? format : 'number';
  const name = scalars[element];
  if (!name) throw new Error(`${field} has a type the schema does not know: ${element}; teach it to schema.ts`);
  return name;
}

if (import.meta.main) {
  writeFileSync(new URL('models.json', import.meta.url), JSON.stringify(generateModels(), null, 1) + '\n');
}
