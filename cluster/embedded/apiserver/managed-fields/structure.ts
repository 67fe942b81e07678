import { elementOf, types, type FieldFacts, type Types } from '../../../api-schema/facts.ts';

/**
 * How a value is made up of fields that may have different owners. `atomic` has one owner as a whole; a `struct` has fields of its
 * own types (what is `inline` is there even while nothing is in it), a `map` keys; a `list` has items known by keys, a `set` members known by their value.
 */
export type Structure =
  | { of: 'atomic' }
  | { of: 'struct'; type: string; inline?: true }
  | { of: 'map'; element: string }
  | List
  | { of: 'set' };

interface List {
  of: 'list';
  inline?: true;
  element: string;
  /** With what each is in an item that leaves it out. */
  keys: { name: string; default: unknown }[];
}

const atomic: Structure = { of: 'atomic' };

/** What is known of the types of one kind. */
export class Structures {
  readonly #own: Types;
  readonly #fields = new Map<string, Structure>();

  /** @param own types beside Kubernetes' own */
  constructor(own: Types = {}) {
    this.#own = own;
  }

  #factsOf(type: string) {
    return this.#own[type] ?? (Object.hasOwn(types, type) ? types[type] : undefined);
  }

  /** The structure of a whole object, or of a value that stands by itself. */
  ofType(type: string): Structure {
    if (type.startsWith('{')) return { of: 'map', element: elementOf(type) };
    const facts = this.#factsOf(type);
    return !facts || facts.map ? atomic : { of: 'struct', type };
  }

  /** The structure of a field of a struct. */
  ofField(struct: string, field: string): Structure {
    const key = `${struct}.${field}`;
    let structure = this.#fields.get(key);
    if (!structure) {
      const fields = this.#factsOf(struct)?.fields ?? {};
      // Only what the type has: a map of everything that was ever sent would grow for ever.
      if (!Object.hasOwn(fields, field)) return atomic;
      this.#fields.set(key, (structure = this.#ofField(fields[field]!)));
    }
    return structure;
  }

  #ofField({ type, list, map, inline, required }: FieldFacts): Structure {
    if (!type.endsWith('[]')) return map ? atomic : { ...this.ofType(type), ...(inline && { inline }) };
    if (list === 'set') return { of: 'set' };
    if (!Array.isArray(list)) return atomic;
    const element = elementOf(type);
    const fields = this.#factsOf(element)!.fields;
    return {
      of: 'list',
      ...(required && { inline: required }),
      element,
      keys: [...list].sort().map((name) => ({ name, default: fields[name]?.default })),
    };
  }
}

/** The element of a list's item in a set of fields: `k:{"name":"web"}`. */
export function itemElement(item: unknown, { keys }: List): string {
  const value = item as Record<string, unknown> | null;
  return `k:${JSON.stringify(Object.fromEntries(keys.map((key) => [key.name, value?.[key.name] ?? key.default])))}`;
}

export function memberElement(item: unknown): string {
  return `v:${JSON.stringify(item)}`;
}
