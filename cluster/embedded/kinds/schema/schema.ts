import { canonicalQuantity, isQuantity } from '../../quantity.ts';
import models from './models.json' with { type: 'json' };

/**
 * Fields of each type, by their JSON names. A field's type is a scalar (string, boolean, int32, int64, number, time, bytes,
 * quantity, intOrString, any), a type of the models, `X[]` or `{X}` (a map with string keys).
 */
export type Models = Record<string, Record<string, string>>;

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
 * Reads JSON as a type of the models.
 *
 * @param own types beside the models, for kinds that are not Kubernetes' own
 * @throws SchemaError
 */
export function decode(value: unknown, type: string, own: Models = {}): Decoded {
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
    const fields = own[type] ?? (models as Models)[type];
    if (fields) {
      return readFields(value, path, type.replace(/^V1|^CoreV1/, ''), (field) =>
        Object.hasOwn(fields, field) ? fields[field] : undefined,
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

function readScalar(value: unknown, type: string, path: string): unknown {
  switch (type) {
    case 'any':
      return structuredClone(value);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'int32':
    case 'int64':
      if (Number.isInteger(value) && (type === 'int64' || Math.abs(value as number) < 2 ** 31)) return value;
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
      if (value instanceof Date) return value.toISOString();
      if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return value;
      throw new SchemaError(path, nameOf(value), 'time: it has to be an RFC 3339 timestamp');
    default:
      if (typeof value === 'string') return value;
  }
  throw new SchemaError(path, nameOf(value), type === 'bytes' ? 'base64 string' : type);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'boolean') return 'bool';
  return `${typeof value} ${JSON.stringify(value)}`;
}
