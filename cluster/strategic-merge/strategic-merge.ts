import { elementOf, fieldOf, type FieldFacts } from '../api-schema/facts.ts';

/** A JSON object. */
export interface JsonObject {
  [field: string]: unknown;
}

/** A patch that breaks the rules of strategic merge. */
export class StrategicMergeError extends Error {
  readonly code = 'InvalidPatch';
}

export interface StrategicMergeOptions {
  /**
   * Where the items that only the original has go in a merged list. `interleave` (the API server's way) keeps them where
   * they were relative to their neighbours; `patch-first` (kustomize's way) puts them behind the patch's.
   */
  order?: 'interleave' | 'patch-first';
}

/**
 * Strategic merge patch, two-way: maps merge, null deletes, lists merge as the facts of their fields say or are replaced.
 * Understands `$patch` (replace, delete, merge), `$setElementOrder/<list>`, `$deleteFromPrimitiveList/<list>` and
 * `$retainKeys`. Leaves its arguments alone; the result shares unchanged parts with them.
 *
 * @param type of the object (`io.k8s.api.apps.v1.Deployment`); an unknown one merges maps and replaces lists.
 * @returns undefined when the patch deletes the whole object.
 * @throws StrategicMergeError
 */
export function strategicMerge(
  original: JsonObject,
  patch: JsonObject,
  type: string | undefined,
  options: StrategicMergeOptions = {},
): JsonObject | undefined {
  return new Merge(options.order ?? 'interleave').object(original, patch, type, '');
}

const ORDER = '$setElementOrder/';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/';

class Merge {
  readonly #order: 'interleave' | 'patch-first';

  constructor(order: 'interleave' | 'patch-first') {
    this.#order = order;
  }

  object(original: JsonObject | undefined, patch: JsonObject, type: string | undefined, path: string) {
    const directive = directiveOf(patch, path);
    if (directive === 'delete') return undefined;
    const merged: JsonObject = directive === 'replace' ? {} : { ...original };
    const retained = patch['$retainKeys'];
    if (Array.isArray(retained)) {
      for (const field of Object.keys(merged)) if (!retained.includes(field)) delete merged[field];
    }
    for (const [field, value] of Object.entries(patch)) {
      if (field.startsWith('$')) continue;
      const before = Object.hasOwn(merged, field) ? merged[field] : undefined;
      const after = this.#value(before, value, patch, field, fieldOf(type, field), join(path, field));
      if (after === undefined) delete merged[field];
      else merged[field] = after;
    }
    this.#applyListDirectives(merged, patch, type);
    return merged;
  }

  #value(
    before: unknown,
    value: unknown,
    patch: JsonObject,
    field: string,
    facts: FieldFacts | undefined,
    path: string,
  ): unknown {
    if (value === null) return undefined;
    const type = facts && elementOf(facts.type);
    if (isObject(value)) return this.object(isObject(before) ? before : undefined, value, type, path);
    if (!Array.isArray(value)) return value;
    const original = Array.isArray(before) ? before : [];
    const order = listOf(patch[ORDER + field]);
    if (facts?.merge?.key) return this.#keyedList(original, value, order, facts.merge.key, type, path);
    if (facts?.merge)
      return this.#arrange([...new Set([...original, ...value])], original, order ?? value, (item) => item);
    return value.map((item) => (isObject(item) ? this.object(undefined, item, type, path) : item)).filter(isPresent);
  }

  #keyedList(
    original: unknown[],
    patch: unknown[],
    order: unknown[] | undefined,
    key: string,
    type: string | undefined,
    path: string,
  ): unknown[] {
    const items = patch.map((item) => {
      if (isObject(item)) return item;
      throw new StrategicMergeError(`${path}: the list merges by "${key}", so each of its items has to be an object`);
    });
    const replace = items.some((item) => item['$patch'] === 'replace' && !(key in item));
    if (!replace) for (const item of original) keyOf(item, key, path);
    let merged: unknown[] = replace ? [] : [...original];
    const idOf = (item: unknown) => (isObject(item) ? item[key] : item);
    for (const item of items) {
      if (item['$patch'] !== undefined && !(key in item)) continue;
      const id = keyOf(item, key, path);
      // The key need not be unique: a Service's ports merge by number, and one number may be there in TCP and in UDP.
      const at = merged.findIndex((other) => idOf(other) === id);
      const before = merged[at];
      const after = this.object(isObject(before) ? before : undefined, item, type, `${path}[${key}=${String(id)}]`);
      if (after === undefined) merged = merged.filter((other) => idOf(other) !== id);
      else if (at === -1) merged.push(after);
      else merged[at] = after;
    }
    return this.#arrange(merged, original, order ?? items, idOf);
  }

  /** The directives that may come without the list they are about. */
  #applyListDirectives(merged: JsonObject, patch: JsonObject, type: string | undefined): void {
    for (const [directive, value] of Object.entries(patch)) {
      const list = listOf(value) ?? [];
      if (directive.startsWith(DELETE_PRIMITIVES)) {
        const field = directive.slice(DELETE_PRIMITIVES.length);
        const left = (listOf(merged[field]) ?? []).filter((item) => !list.includes(item));
        if (field in merged) merged[field] = left;
      }
      if (directive.startsWith(ORDER)) {
        const field = directive.slice(ORDER.length);
        const original = listOf(merged[field]);
        const merge = fieldOf(type, field)?.merge;
        if (!original || field in patch || !merge) continue;
        const { key } = merge;
        merged[field] = this.#arrange(original, original, list, (item) => (key && isObject(item) ? item[key] : item));
      }
    }
  }

  /** Puts the items in the order the patch names them in, with the items it does not name among them. */
  #arrange(items: unknown[], original: unknown[], order: unknown[], idOf: (item: unknown) => unknown): unknown[] {
    const rank = new Map(order.map((item, index) => [idOf(item), index]));
    const place = new Map(original.map((item, index) => [idOf(item), index]));
    const named = items.filter((item) => rank.has(idOf(item)));
    const rest = items.filter((item) => !rank.has(idOf(item)));
    named.sort((a, b) => rank.get(idOf(a))! - rank.get(idOf(b))!);
    if (this.#order === 'patch-first') return [...named, ...rest];

    const arranged: unknown[] = [];
    for (const item of rest) {
      const own = place.get(idOf(item)) ?? Infinity;
      const next = named.findIndex((other) => (place.get(idOf(other)) ?? -1) > own);
      arranged.push(...named.splice(0, next === -1 ? named.length : next), item);
    }
    return [...arranged, ...named];
  }
}

function directiveOf(patch: JsonObject, path: string): 'replace' | 'delete' | 'merge' {
  const directive = patch['$patch'] ?? 'merge';
  if (directive === 'replace' || directive === 'delete' || directive === 'merge') return directive;
  throw new StrategicMergeError(
    `${path || 'the patch'}: $patch is ${JSON.stringify(directive)}; it can be "replace", "delete" or "merge"`,
  );
}

function keyOf(item: unknown, key: string, path: string): unknown {
  const id = isObject(item) ? item[key] : undefined;
  if (typeof id === 'object' && id !== null) {
    throw new StrategicMergeError(
      `${path}: the list merges by "${key}", and that of an item is no value: ${JSON.stringify(id)}`,
    );
  }
  if (id !== undefined && id !== null) return id;
  throw new StrategicMergeError(`${path}: the list merges by "${key}", and an item has none: ${JSON.stringify(item)}`);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPresent(value: unknown): boolean {
  return value !== undefined;
}

function listOf(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function join(path: string, field: string): string {
  return path ? `${path}.${field}` : field;
}
