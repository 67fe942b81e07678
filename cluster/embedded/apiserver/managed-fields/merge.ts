import { isObject } from '../registry/json.ts';
import { partsOf } from './compare.ts';
import { isMember, type Fields } from './fields.ts';
import { itemElement, memberElement, type Structure, type Structures } from './structure.ts';

/** What is there, with what is applied laid over it: fields that the latter does not name stay. Leaves both alone. */
export function mergeApplied(live: unknown, applied: unknown, structure: Structure, structures: Structures): unknown {
  if (live === undefined || structure.of === 'atomic') return applied;
  if (structure.of === 'set') {
    return Array.isArray(live) && Array.isArray(applied) ? [...new Set([...live, ...applied])] : applied;
  }
  if (structure.of === 'list') {
    if (!Array.isArray(live) || !Array.isArray(applied)) return applied;
    const element = structures.ofType(structure.element);
    const idOf = (item: unknown) => itemElement(item, structure);
    const before = new Map(live.map((item) => [idOf(item), item]));
    const named = new Map(
      applied.map((item) => [idOf(item), mergeApplied(before.get(idOf(item)), item, element, structures)]),
    );
    // In the order of what is applied; what only the live list has stays behind the item it stood behind.
    const merged = [...named.values()];
    let place = 0;
    for (const item of live) {
      const at = merged.findIndex((other) => idOf(other) === idOf(item));
      if (at === -1) merged.splice(place, 0, item);
      place = (at === -1 ? place : at) + 1;
    }
    return merged;
  }
  if (!isObject(live) || !isObject(applied)) return applied;
  const merged: Record<string, unknown> = { ...live };
  for (const [field, value] of Object.entries(applied)) {
    if (value === undefined) continue;
    const its =
      structure.of === 'map' ? structures.ofType(structure.element) : structures.ofField(structure.type, field);
    merged[field] = mergeApplied(live[field], value, its, structures);
  }
  return merged;
}

/** A value without these fields. What `kept` names, or something within, stays. A list or map that loses all it had goes. */
export function withoutFields(
  value: unknown,
  fields: Fields,
  kept: Fields | undefined,
  structure: Structure,
  structures: Structures,
): unknown {
  const parts = partsOf(value, structure, structures);
  if (!parts) return value;
  const left = new Map<string, unknown>();
  for (const [element, [part, its]] of parts) {
    const going = fields[element];
    const staying = kept?.[element];
    if (!going) left.set(element, part);
    else if (staying || !isMember(going)) {
      const rest = withoutFields(part, going, staying, its, structures);
      if (rest !== undefined) left.set(element, rest);
      else if (staying && isMember(staying)) left.set(element, Array.isArray(part) ? [] : {});
    }
  }
  if (left.size === 0 && parts.size > 0) return undefined;
  if (Array.isArray(value)) {
    const elementOf = (item: unknown) => (structure.of === 'list' ? itemElement(item, structure) : memberElement(item));
    return value.map(elementOf).flatMap((element) => (left.has(element) ? [left.get(element)] : []));
  }
  return Object.fromEntries([...left].map(([element, part]) => [element.slice(2), part]));
}
