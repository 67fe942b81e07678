import { isDeepStrictEqual } from 'node:util';

/** What is wrong with the fields of one object, in the words of Kubernetes. */
export class FieldErrors {
  readonly causes: { reason: string; message: string; field: string }[] = [];

  required(field: string, detail = ''): void {
    this.#add('FieldValueRequired', field, `Required value${detail && `: ${detail}`}`);
  }

  invalid(field: string, value: unknown, detail: string): void {
    this.#add('FieldValueInvalid', field, `Invalid value: ${JSON.stringify(value) ?? 'null'}: ${detail}`);
  }

  unsupported(field: string, value: unknown, supported: readonly string[]): void {
    const list = supported.map((item) => `"${item}"`).join(', ');
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
    this.#add('FieldValueNotSupported', field, message);
  }

  duplicate(field: string, value: unknown): void {
    this.#add('FieldValueDuplicate', field, `Duplicate value: ${JSON.stringify(value)}`);
  }

  forbidden(field: string, detail: string): void {
    this.#add('FieldValueForbidden', field, `Forbidden: ${detail}`);
  }

  tooLong(field: string, limit: number): void {
    this.#add('FieldValueTooLong', field, `Too long: may not be more than ${limit} bytes`);
  }

  notFound(field: string, value: unknown): void {
    this.#add('FieldValueNotFound', field, `Not found: ${JSON.stringify(value)}`);
  }

  /** `value` has to be what it was. */
  immutable(field: string, value: unknown, before: unknown): void {
    if (!isDeepStrictEqual(value, before)) this.invalid(field, value, 'field is immutable');
  }

  /** `value`, if there, has to be one of `supported`. */
  oneOf(field: string, value: unknown, supported: readonly string[]): void {
    if (value !== undefined && !supported.includes(value as string)) this.unsupported(field, value, supported);
  }

  /** `value`, if there, has to be a whole number from `min` to `max`. */
  range(field: string, value: number | undefined, min: number, max = Infinity): void {
    if (value === undefined || (value >= min && value <= max)) return;
    const bounds = max === Infinity ? `greater than or equal to ${min}` : `between ${min} and ${max}, inclusive`;
    this.invalid(field, value, `must be ${bounds}`);
  }

  /** `value`, if there, is a path that does not climb; a `file` of a volume must not look like one of the kubelet's own there either. */
  path(field: string, value: string | undefined, kind: 'straight' | 'relative' | 'file'): void {
    if (kind !== 'straight' && value?.startsWith('/')) this.invalid(field, value, 'must be a relative path');
    else if (value?.split('/').includes('..')) this.invalid(field, value, "must not contain '..'");
    else if (kind === 'file' && value?.startsWith('..')) this.invalid(field, value, "must not start with '..'");
  }

  #add(reason: string, field: string, message: string): void {
    this.causes.push({ reason, message, field });
  }
}
