/**
 * Writes fields.json: the number that each field of the schema has in Kubernetes' protobuf encoding. Every kubectl carries the
 * descriptors of these messages (`generated.proto` of k8s.io/api), so a kubectl is what they are read from:
 * `node cluster/embedded/kinds/protobuf/generate.ts "$(command -v kubectl)"`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import models from '../schema/models.json' with { type: 'json' };
import type { Models } from '../schema/schema.ts';
import type { FieldNumbers } from './decode.ts';

/** Of google/protobuf/descriptor.proto and gogoproto/gogo.proto, what is asked here. */
const { root } = protobuf.parse(`
  syntax = "proto2";
  message File { optional string name = 1; optional string package = 2; repeated Message message_type = 4; }
  message Message { optional string name = 1; repeated Field field = 2; }
  message Field {
    optional string name = 1; optional int32 number = 3; optional int32 type = 5;
    optional string type_name = 6; optional Options options = 8;
  }
  message Options { optional bool nullable = 65001 [default = true]; }
`);
const File = root.lookupType('File');

interface Field {
  name: string;
  number: number;
  type: number;
  typeName: string;
  options?: { nullable?: boolean | null } | null;
}
interface Message {
  name: string;
  field: Field[];
}

const MESSAGE = 11;
const api = '.k8s.io.api.';

/** Where each type the schema starts with is in Kubernetes' packages. */
const roots: Record<string, string> = {
  V1Namespace: `${api}core.v1.Namespace`,
  V1Node: `${api}core.v1.Node`,
  V1Pod: `${api}core.v1.Pod`,
  V1Deployment: `${api}apps.v1.Deployment`,
  V1ReplicaSet: `${api}apps.v1.ReplicaSet`,
  V1Service: `${api}core.v1.Service`,
  V1EndpointSlice: `${api}discovery.v1.EndpointSlice`,
  V1ConfigMap: `${api}core.v1.ConfigMap`,
  V1Secret: `${api}core.v1.Secret`,
  CoreV1Event: `${api}core.v1.Event`,
  V1Lease: `${api}coordination.v1.Lease`,
  V1Scale: `${api}autoscaling.v1.Scale`,
  V1Eviction: `${api}policy.v1.Eviction`,
  V1Binding: `${api}core.v1.Binding`,
  V1SelfSubjectAccessReview: `${api}authorization.v1.SelfSubjectAccessReview`,
  V1SelfSubjectRulesReview: `${api}authorization.v1.SelfSubjectRulesReview`,
  V1DeleteOptions: '.k8s.io.apimachinery.pkg.apis.meta.v1.DeleteOptions',
};

/** The messages of a kubectl, by full name with a leading dot. Go programs hold each file's descriptor gzipped. */
function messagesOf(kubectl: string): Map<string, Message> {
  const binary = readFileSync(kubectl);
  const messages = new Map<string, Message>();
  const magic = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
  for (let at = binary.indexOf(magic); at !== -1; at = binary.indexOf(magic, at + 1)) {
    const file = readFile(binary.subarray(at, at + 1024 * 1024));
    for (const message of file?.messageType ?? []) messages.set(`.${file!.package}.${message.name}`, message);
  }
  return messages;
}

function readFile(zipped: Buffer): { package: string; messageType: Message[] } | undefined {
  try {
    const file = File.decode(gunzipSync(zipped, { finishFlush: constants.Z_SYNC_FLUSH })) as unknown as {
      name: string;
      package: string;
      messageType: Message[];
    };
    return file.name.endsWith('/generated.proto') ? file : undefined;
  } catch {
    return undefined; // other bytes that begin as a descriptor does
  }
}

function numbersOf(messages: Map<string, Message>): Record<string, FieldNumbers> {
  const all: Record<string, FieldNumbers> = {};
  const visit = (type: string, message: string): void => {
    if (all[type]) return;
    const fields = (models as Models)[type]!;
    all[type] = {};
    const named = new Set(['apiVersion', 'kind']);
    Object.assign(all[type], fieldsOf(message, fields, named));
    const without = Object.keys(fields).filter((field) => !named.has(field));
    if (without.length > 0) console.warn(`${type}: this kubectl has no number for ${without.join(', ')}`);
  };
  const fieldsOf = (message: string, fields: Record<string, string>, named: Set<string>): FieldNumbers => {
    const numbers: FieldNumbers = {};
    for (const { name, number, type, typeName, options } of messages.get(message)!.field) {
      const model = fields[name]?.replace(/[[\]{}]/g, '');
      named.add(name);
      if (model) {
        if (model in models) visit(model, typeName);
        const pointer =
          options?.nullable !== false && (type !== MESSAGE || model === 'intOrString') && model === fields[name];
        numbers[number] = pointer ? `${name}?` : name;
      } else if (type === MESSAGE) {
        const inlined = fieldsOf(typeName, fields, named);
        if (Object.keys(inlined).length > 0) numbers[number] = inlined;
      }
    }
    return numbers;
  };
  for (const [type, message] of Object.entries(roots)) visit(type, message);
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const numbers = numbersOf(messagesOf(process.argv[2]!));
writeFileSync(new URL('fields.json', import.meta.url), JSON.stringify(numbers, null, 1) + '\n');
