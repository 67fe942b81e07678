import { typeOfKind, type Types } from '../../api-schema/facts.ts';
import type { Column } from './columns.ts';
import type { FieldErrors } from './field-errors.ts';
import { withoutEffect } from './honoured/honoured.ts';
import type { NameRule } from './names.ts';
import { applyDefaults, validateFields } from './rules/rules.ts';
import type { KubeObject } from './types.ts';

/** All the API server has to know about a kind. One file each in this folder; index.ts lists them. */
export interface Kind<T extends KubeObject = KubeObject> {
  /** '' for the core group. */
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  shortNames: string[];
  /** What `kubectl get all` and the like take it under. */
  categories: string[];
  namespaced: boolean;
  /** The name of its type; for Kubernetes' own, upstream's. */
  model: string;
  /** Types that are not Kubernetes' own: the one with the kind's name, and what that is made of. */
  types?: Types;
  /** How its objects may be named. */
  names: NameRule;
  /** As `kubectl get` prints them. */
  columns: Column<T>[];
  /** Has a status of its own, which writes of the object leave alone, with the `status` subresource to write it. */
  status: boolean;
  /** A create may bring the first status along. */
  statusAtCreate?: boolean;
  /** Counts the changes of all but metadata and status in metadata.generation. */
  generation: boolean;
  /** A PUT makes what is not there. */
  createOnUpdate?: boolean;
  /** A PUT has to say which resourceVersion it replaces. */
  conditionalUpdate?: boolean;
  /** A DELETE is answered with the object, also where that is gone. */
  answersDeleted?: boolean;
  /** Without a word about it, a DELETE leaves what the object owns to itself; upstream's words about that. */
  orphansWith?: string;
  /** Its objects cannot be deleted all at once. */
  oneByOne?: boolean;
  /** Has `spec.replicas` and a selector, with the `scale` subresource. */
  scale?: boolean;
  /** What field selectors may name besides metadata.name and metadata.namespace. */
  fields?: Record<string, (object: T) => string>;
  /** Fills in what the writer left out. Must be safe to run again on its own result. */
  defaults: (draft: T) => void;
  /** What the server alone may set, after the defaults; `all` answers the objects of this kind there are. */
  onCreate?: (draft: T, all: () => T[]) => void;
  /** The like for an update; by then `draft` has the old status. */
  onUpdate?: (draft: T, old: T, all: () => T[]) => void;
  /** The mark a deletion leaves on an object that stays until its keeper lets it go, besides the deletionTimestamp. */
  onDelete?: (draft: T) => void;
  /** Why an object may never be deleted; undefined where it may. */
  undeletable?: (object: T) => string | undefined;
  /** Whether something other than metadata.finalizers holds a deleted object back. */
  held?: (object: T) => boolean;
  /** `all` answers the objects of this kind there are. */
  validate: (object: T, errors: FieldErrors, all: () => T[]) => void;
  /** What a writer has set although it does nothing here, in words for a Warning; `old` for an update. */
  withoutEffect?: (object: T, old: T | undefined) => string[];
  /** What a creation may not do, and an update may. */
  validateCreate?: (object: T, errors: FieldErrors) => void;
  /** What an update, of the object or by a subresource, may not do. */
  validateUpdate?: (object: T, old: T, errors: FieldErrors, subresource: string | undefined) => void;
  /**
   * How long a delete leaves the object to its keeper, in s; `asked` is what the deleter wants. 0 removes it at once, and so
   * does a kind without this.
   */
  gracePeriod?: (object: T, asked: number | undefined) => number;
}

/**
 * What a kind's file says of it. Its type is that of Kubernetes with the same group, version and kind, unless it says its `types`.
 * What holds for single fields is in rules/rules.yaml, and which of them have no effect in honoured/honoured.yaml: `defaults`, which
 * come before those of the rules, `validate` and `withoutEffect` have only what more there is to say of an object.
 */
type KindDefinition<T extends KubeObject> = Omit<Kind<T>, 'model' | 'types' | Ordinary> &
  Partial<Pick<Kind<T>, Ordinary>> & {
    /** Type of each field, by name of the type and of the field; without apiVersion, kind and metadata, which every object has. */
    types?: Record<string, Record<string, string>>;
  };

/** The plural is the kind's name with an s, if nothing else is said. */
type Ordinary = 'singular' | 'plural' | 'defaults' | 'validate' | keyof typeof ordinary;

/** What need not be said. */
const ordinary = {
  ...{ version: 'v1', names: 'subdomain' as NameRule },
  ...{ shortNames: [] as string[], categories: [] as string[], status: false, generation: false },
};

/** What every object has. */
const common = { apiVersion: 'string', kind: 'string', metadata: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };

const mapValues = <T, U>(map: Record<string, T>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));

const typesOf = (types: Record<string, Record<string, string>>): Types =>
  mapValues(types, (fields) => ({ fields: mapValues(fields, (type) => ({ type })) }));

/** Types a kind's file by its own object type; everyone else handles all kinds alike. */
export function defineKind<T extends KubeObject>({ types: own, ...definition }: KindDefinition<T>): Kind {
  const singular = definition.kind.toLowerCase();
  const kind = { singular, plural: `${singular}s`, ...ordinary, ...definition };
  const types = own && typesOf({ ...own, [kind.kind]: { ...common, ...own[kind.kind] } });
  const model = types ? kind.kind : typeOfKind(apiVersionOf(kind), kind.kind);
  if (!model) throw new Error(`${apiVersionOf(kind)} ${kind.kind} is no kind of Kubernetes; say its types`);
  const warnings = (object: T, old: T | undefined) => [
    ...(types ? [] : withoutEffect(object, model)),
    ...(kind.withoutEffect?.(object, old) ?? []),
  ];
  const defaults = (draft: T) => {
    kind.defaults?.(draft);
    if (!types) applyDefaults(draft, model);
  };
  const validate: Kind<T>['validate'] = (object, errors, all) => {
    if (!types) validateFields(object, model, errors);
    kind.validate?.(object, errors, all);
  };
  return { ...kind, model, defaults, validate, withoutEffect: warnings, ...(types && { types }) } as unknown as Kind;
}

/** `apps/v1`, or `v1` in the core group. */
export function apiVersionOf(kind: { group: string; version: string }): string {
  return kind.group ? `${kind.group}/${kind.version}` : kind.version;
}
