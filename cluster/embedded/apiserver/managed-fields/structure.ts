import { fieldSchema } from '../../../strategic-merge/merge-keys.ts';
import models from '../../kinds/schema/models.json' with { type: 'json' };
import type { Models } from '../../kinds/schema/schema.ts';

/**
 * How a value is made up of fields that may have different owners. `atomic` has one owner as a whole; a `struct` has fields of its
 * own types, a `map` keys; a `list` has items known by keys, a `set` members known by their value.
 */
export type Structure =
  | { of: 'atomic' }
  | { of: 'struct'; type: string }
  | { of: 'map'; element: string }
  | { of: 'list'; element: string; keys: readonly string[] }
  | { of: 'set' };

const atomic: Structure = { of: 'atomic' };

/** `x-kubernetes-list-map-keys` where they are other than the one key that strategic merge goes by. */
const listKeys: Record<string, readonly string[]> = {
  'Container.ports': ['containerPort', 'protocol'],
  'ServiceSpec.ports': ['port', 'protocol'],
  'PodSpec.topologySpreadConstraints': ['topologyKey', 'whenUnsatisfiable'],
};

/** Keys that an item may leave out, and what they then are. */
const keyDefaults: Record<string, unknown> = { protocol: 'TCP' };

/** `x-kubernetes-map-type: atomic`. */
const atomicTypes = new Set([
  'ConfigMapKeySelector',
  'LabelSelector',
  'LocalObjectReference',
  'NodeSelector',
  'NodeSelectorTerm',
  'ObjectFieldSelector',
  'ObjectReference',
  'ResourceFieldSelector',
  'SecretKeySelector',
  'SecretReference',
]);
const atomicFields = new Set(['PodSpec.nodeSelector', 'ServiceSpec.selector', 'EndpointSlice.endpoints']);

/** Without the version that the client library's models have in their names. */
const plain = (type: string) => type.replace(/^(?:Core|Discovery)?V1/, '');

/** What is known of the types of one kind. */
export class Structures {
  readonly #own: Models;
  readonly #fields = new Map<string, Structure>();

  /** @param own types beside the models, for kinds that are not Kubernetes' own */
  constructor(own: Models = {}) {
    this.#own = own;
  }

  fieldsOf(type: string): Record<string, string> | undefined {
    return this.#own[type] ?? (models as Models)[type];
  }

  /** The structure of a whole object, or of a value that stands by itself. */
  ofType(type: string): Structure {
    if (type.startsWith('{')) return { of: 'map', element: type.slice(1, -1) };
    if (type.endsWith('[]') || atomicTypes.has(plain(type)) || !this.fieldsOf(type)) return atomic;
    return { of: 'struct', type };
  }

  /** The structure of a field of a struct. */
  ofField(struct: string, field: string): Structure {
    const key = `${struct}.${field}`;
    let structure = this.#fields.get(key);
    if (!structure) {
      structure = this.#ofField(struct, field);
      // Only what the type has: a map of everything that was ever sent would grow for ever.
      if (this.fieldsOf(struct)?.[field]) this.#fields.set(key, structure);
    }
    return structure;
  }

  #ofField(struct: string, field: string): Structure {
    const type = this.fieldsOf(struct)?.[field] ?? 'any';
    const name = `${plain(struct)}.${field}`;
    if (atomicFields.has(name)) return atomic;
    if (!type.endsWith('[]')) return this.ofType(type);
    const element = type.slice(0, -2);
    const { set, mergeKey } = fieldSchema(plain(struct), field) ?? {};
    if (set) return { of: 'set' };
    const isCondition = field === 'conditions' && this.fieldsOf(element)?.type !== undefined;
    const keys = listKeys[name] ?? (mergeKey ? [mergeKey] : isCondition ? ['type'] : null);
    return keys ? { of: 'list', element, keys } : atomic;
  }
}

/** The element of a list's item in a set of fields: `k:{"name":"web"}`. */
export function itemElement(item: unknown, keys: readonly string[]): string {
  const value = item as Record<string, unknown>;
  return `k:${JSON.stringify(Object.fromEntries([...keys].sort().map((key) => [key, value?.[key] ?? keyDefaults[key]])))}`;
}

export function memberElement(item: unknown): string {
  return `v:${JSON.stringify(item)}`;
}
