import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../registry/json.ts';
import { nodeOf, type Fields } from './fields.ts';
import { itemElement, memberElement, type Structure, type Structures } from './structure.ts';

/** The parts of a value with names of their own: element -> value and structure. Null for one that has none. */
export function partsOf(
  value: unknown,
  structure: Structure,
  structures: Structures,
): Map<string, [unknown, Structure]> | null {
  const parts = new Map<string, [unknown, Structure]>();
  if (structure.of === 'struct' || structure.of === 'map') {
    if (!isObject(value)) return null;
    for (const [field, part] of Object.entries(value)) {
      const its =
        structure.of === 'map' ? structures.ofType(structure.element) : structures.ofField(structure.type, field);
      if (part !== undefined) parts.set(`f:${field}`, [part, its]);
    }
    return parts;
  }
  if (structure.of === 'atomic' || !Array.isArray(value)) return null;
  for (const item of value) {
    if (structure.of === 'set') parts.set(memberElement(item), [item, { of: 'atomic' }]);
    else parts.set(itemElement(item, structure), [item, structures.ofType(structure.element)]);
  }
  return parts;
}

/** What a writer that says this value owns by it. */
export function fieldsOf(value: unknown, structure: Structure, structures: Structures): Fields {
  const fields: Fields = {};
  for (const [element, [part, its]] of partsOf(value, structure, structures) ?? []) {
    const isItem = structure.of === 'list';
    fields[element] = nodeOf(isItem, fieldsOf(part, its, structures)) ?? {};
  }
  return fields;
}

export interface Changes {
  /** Fields that are new or have another value. */
  changed: Fields;
  /** Fields that are not there any more. */
  removed: Fields;
}

/** What an object became from another. A list item, a map or a struct that is new is itself among what changed. */
export function changesBetween(before: unknown, after: unknown, structure: Structure, structures: Structures): Changes {
  const changes: Changes = { changed: {}, removed: {} };
  const [old, now] = [partsOf(before, structure, structures), partsOf(after, structure, structures)];
  for (const [element, [part, its]] of now ?? []) {
    const empty = 'inline' in its ? (its.of === 'list' ? [] : {}) : undefined;
    const was = old?.get(element)?.[0] ?? (old ? empty : undefined);
    if (was === part) continue;
    const { changed, removed } = changesBetween(was, part, its, structures);
    const below = partsOf(part, its, structures);
    const isChanged = below ? was === undefined : !isDeepStrictEqual(was, part);
    put(changes.changed, element, nodeOf(isChanged, changed));
    put(changes.removed, element, nodeOf(false, removed));
  }
  for (const [element, [part, its]] of old ?? []) {
    if (now?.has(element)) continue;
    const below = fieldsOf(part, its, structures);
    changes.removed[element] = nodeOf(true, below)!;
  }
  return changes;
}

function put(fields: Fields, element: string, node: Fields | null): void {
  if (node) fields[element] = node;
}
