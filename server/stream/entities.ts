import type { Member } from '../contract/stream.ts';

/** Lists of which each entry is an entity of its own, and what it is known by. Any other member is one entity. */
const lists: Record<string, string> = {
  'topology.services': 'name',
  'topology.edges': 'id',
  marks: 'id',
  faults: 'id',
  patterns: 'id',
  drifts: 'id',
};

export interface Entities {
  /** Ids of the entries in order, by the path of the list. */
  lists: Map<string, string[]>;
  /** Values by key: `load`, `topology.services/gateway`. */
  values: Map<string, unknown>;
}

export type State = Partial<Record<Member, unknown>>;

/** Cuts the state into entities. */
export function entitiesOf(state: State): Entities {
  const entities: Entities = { lists: new Map(), values: new Map() };
  for (const [member, value] of Object.entries(state)) cut(member, value, entities);
  return entities;
}

/** The member that an entity or a list is part of. */
export function memberOf(key: string): string {
  return /^[^./]+/.exec(key)?.[0] ?? key;
}

function cut(path: string, value: unknown, into: Entities): void {
  const idField = lists[path];
  if (idField !== undefined) {
    const items = value as Record<string, string>[];
    into.lists.set(
      path,
      items.map((item) => item[idField]!),
    );
    for (const item of items) into.values.set(`${path}/${item[idField]}`, item);
  } else if (Object.keys(lists).some((list) => list.startsWith(`${path}.`))) {
    for (const [name, part] of Object.entries(value as object)) cut(`${path}.${name}`, part, into);
  } else {
    into.values.set(path, value);
  }
}
