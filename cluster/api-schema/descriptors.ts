/** Reads the descriptors of Kubernetes' protobuf messages (`generated.proto` of k8s.io/api) out of a Go program that holds them. */
import { readFileSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

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
export type Messages = Map<string, Message>;

const MESSAGE = 11;

/** The messages that a program holds, by full name with a leading dot. Go programs have each file's descriptor gzipped. */
export function messagesOf(program: string): Messages {
  const binary = readFileSync(program);
  const messages: Messages = new Map();
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

/** The number of a field, with whether a pointer holds it. */
export interface FieldNumber {
  number: string;
  pointer: boolean;
}

/**
 * The numbers of the fields of a message, by their names in JSON, which protobuf may write with other capitals. A field that is a
 * message and no field of the JSON is one whose own fields JSON shows as its parent's.
 */
export function numbersOf(
  messages: Messages,
  message: string,
  names: string[],
  prefix = '',
): Record<string, FieldNumber> {
  const numbers: Record<string, FieldNumber> = {};
  for (const field of messages.get(message)?.field ?? []) {
    const { number, type, typeName, options } = field;
    const name = names.find((name) => name.toLowerCase() === field.name.toLowerCase());
    if (name) {
      const pointer = options?.nullable !== false && (type !== MESSAGE || typeName.endsWith('.IntOrString'));
      numbers[name] = { number: `${prefix}${number}`, pointer };
    } else if (type === MESSAGE) {
      Object.assign(numbers, numbersOf(messages, typeName, names, `${prefix}${number}.`));
    }
  }
  return numbers;
}
