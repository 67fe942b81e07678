import { isDeepStrictEqual } from 'node:util';
import type { FieldErrors } from './field-errors.ts';

/** The size of a ConfigMap or Secret, in bytes. */
const SIZE_LIMIT = 1024 * 1024;
/** It becomes the name of a file, so it must not be one that leads elsewhere. */
const KEY = /^(?!\.$|\.\.)[-._a-zA-Z0-9]+$/;
const NO_KEY =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.', and must not be '.' or start with '..'";

type Maps = Record<string, Record<string, string>>;

/** Keys and size of the data of a ConfigMap or Secret, by the name of its field: of texts, and of bytes in base64. */
export function validateData(texts: Maps, bytes: Maps, errors: FieldErrors): void {
  let size = 0;
  for (const [field, map] of Object.entries({ ...texts, ...bytes })) {
    for (const [key, value] of Object.entries(map)) {
      if (key.length > 253 || !KEY.test(key)) errors.invalid(`${field}[${key}]`, key, NO_KEY);
      size += Buffer.byteLength(value, field in bytes ? 'base64' : 'utf8');
    }
  }
  if (size > SIZE_LIMIT) errors.tooLong('', SIZE_LIMIT);
}

/** `immutable: true` cannot be taken back, and holds the fields named. */
export function validateImmutable<T extends { immutable?: boolean }>(
  object: T,
  old: T,
  fields: (keyof T & string)[],
  errors: FieldErrors,
): void {
  if (!old.immutable) return;
  if (!object.immutable) errors.forbidden('immutable', 'field is immutable when `immutable` is set');
  for (const field of fields) {
    if (!isDeepStrictEqual(object[field] ?? {}, old[field] ?? {})) {
      errors.forbidden(field, 'field is immutable when `immutable` is set');
    }
  }
}
