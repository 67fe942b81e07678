import type { Json } from '../api.ts';

/** `path/of/field` -> its value; null takes it away. `~1` stands for a slash within a name. */
export type Changes = Record<string, unknown>;

/** A copy of an object with changes, one after the other. What a path passes through and is not there is made. */
export function changed(object: Json, changes: Changes): Json {
  const copy = structuredClone(object);
  for (const [path, value] of Object.entries(changes)) {
    const fields = fieldsOf(path);
    const last = fields.pop()!;
    let place = copy;
    for (const field of fields) place = place[field] ??= {};
    if (value === null) delete place[last];
    else place[last] = value;
  }
  return copy;
}

/** Takes fields out of an object, as far as they are there, and what they leave empty. */
export function withoutPaths(object: Json, paths: string[]): void {
  for (const path of paths) {
    const fields = fieldsOf(path);
    const last = fields.pop()!;
    const place = fields.reduce((at, field) => at?.[field], object);
    if (!place) continue;
    delete place[last];
    const above = fields.slice(0, -1).reduce((at, field) => at?.[field], object);
    if (fields.length > 0 && Object.keys(place).length === 0) delete above[fields.at(-1)!];
  }
}

function fieldsOf(path: string): string[] {
  return path.split('/').map((field) => field.replaceAll('~1', '/'));
}
