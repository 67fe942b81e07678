import { types, type Types } from '../../../api-schema/facts.ts';
import { canonicalQuantity, isQuantity } from '../../quantity.ts';

/** What came out of reading a value by its schema. */
export interface Decoded {
  /** A fresh copy without nulls and unknown fields. */
  value: unknown;
  /** Paths of the fields that are not in the schema. */
  unknown: string[];
}

/** A value that does not fit its field. */
export class SchemaError extends Error {
  readonly code = 'SchemaMismatch';
  /** `spec.replicas` */
  readonly path: string;

  constructor(path: string, found: string, wanted: string) {
    super(`json: cannot unmarshal ${found} into field ${path || '(the object)'} of type ${wanted}`);
    this.path = path;
  }
}

/**
 * Reads JSON as a type of the facts.
 *
 * @param own types beside Kubernetes' own
 * @throws SchemaError
 */
export function decode(value: unknown, type: string, own: Types = {}): Decoded {
  const unknown: string[] = [];
  return { value: read(value, type, ''), unknown };

  function read(value: unknown, type: string, path: string): unknown {
    if (type.endsWith('[]')) {
      if (!Array.isArray(value)) throw new SchemaError(path, nameOf(value), `list of ${type.slice(0, -2)}`);
      return value.map((item, index) => read(item, type.slice(0, -2), `${path}[${index}]`));
    }
    if (type.startsWith('{')) {
      const element = type.slice(1, -1);
      return readFields(value, path, `map of ${element}`, () => element);
    }
    const facts = own[type] ?? types[type];
    if (facts) {
      return readFields(value, path, type.slice(type.lastIndexOf('.') + 1), (field) =>
        Object.hasOwn(facts.fields, field) ? facts.fields[field]!.type : undefined,
      );
    }
    return readScalar(value, type, path);
  }

  function readFields(value: unknown, path: string, wanted: string, typeOf: (field: string) => string | undefined) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new SchemaError(path, nameOf(value), wanted);
    }
    const copy: Record<string, unknown> = {};
    for (const [field, item] of Object.entries(value)) {
      if (item === null || item === undefined) continue;
      const where = path ? `${path}.${field}` : field;
      const type = typeOf(field);
      // An own "__proto__" would set the prototype, so it is as unknown as any other stray field.
      if (type === undefined || field === '__proto__') unknown.push(where);
      else copy[field] = read(item, type, where);
    }
    return copy;
  }
}

/** As Go reads bytes: line breaks are passed over. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function readScalar(value: unknown, type: string, path: string): unknown {
  switch (type) {
    case 'any':
      return structuredClone(value);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'int32':
    case 'int64':
      if (Number.isInteger(value) && Math.abs(value as number) < 2 ** (type === 'int64' ? 63 : 31)) return value;
      break;
    case 'number':
      if (typeof value === 'number') return value;
      break;
    case 'quantity':
      if (typeof value === 'number') return canonicalQuantity(String(value));
      if (typeof value === 'string' && isQuantity(value)) return canonicalQuantity(value);
      throw new SchemaError(path, nameOf(value), 'quantity: it has to look like 500m, 0.5, 64Mi or 1G');
    case 'intOrString':
      if (typeof value === 'string' || Number.isInteger(value)) return value;
      break;
    case 'time':
    case 'microTime':
      if (value instanceof Date) return value.toISOString();
      if (typeof value === 'string' && RFC3339.test(value) && !Number.isNaN(Date.parse(value))) return value;
      throw new SchemaError(path, nameOf(value), 'time: it has to be an RFC 3339 timestamp');
    case 'bytes':
      if (typeof value !== 'string') throw new SchemaError(path, nameOf(value), 'base64 string');
      if (BASE64.test(value.replace(/[\r\n]/g, ''))) return value;
      // The text itself may be a secret.
      throw new SchemaError(path, 'illegal base64 data', 'bytes');
    default:
      if (typeof value === 'string') return value;
  }
  throw new SchemaError(path, nameOf(value), type);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'boolean') return 'bool';
  return `${typeof value} ${JSON.stringify(value)}`;
}
