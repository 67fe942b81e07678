import type { Column } from './columns.ts';
import type { FieldErrors } from './field-errors.ts';
import type { NameRule } from './names.ts';
import type { Models } from './schema/schema.ts';
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
  /** Its type in the schema. */
  model: string;
  /** Types of the schema that are its own, not Kubernetes'. */
  types?: Models;
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
  /** Has `spec.replicas` and a selector, with the `scale` subresource. */
  scale?: boolean;
  /** Further subresources, for discovery. */
  subresources?: Subresource[];
  /** What field selectors may name besides metadata.name and metadata.namespace. */
  fields?: Record<string, (object: T) => string>;
  /** Fills in what the writer left out. Must be safe to run again on its own result. */
  defaults?: (draft: T) => void;
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
  validate?: (object: T, errors: FieldErrors, all: () => T[]) => void;
  /** Fields that a writer has set although they do nothing here, in words for a Warning; `old` for an update. */
  withoutEffect?: (object: T, old: T | undefined) => string[];
  /** What an update may not do. */
  validateUpdate?: (object: T, old: T, errors: FieldErrors) => void;
  /**
   * How long a delete leaves the object to its keeper, in s; `asked` is what the deleter wants. 0 removes it at once, and so
   * does a kind without this.
   */
  gracePeriod?: (object: T, asked: number | undefined) => number;
}

export interface Subresource {
  name: string;
  kind: string;
  group?: string;
  version?: string;
  verbs: string[];
}

/** Types a kind's file by its own object type; everyone else handles all kinds alike. */
export function defineKind<T extends KubeObject>(kind: Kind<T>): Kind {
  return kind as unknown as Kind;
}

/** `apps/v1`, or `v1` in the core group. */
export function apiVersionOf(kind: { group: string; version: string }): string {
  return kind.group ? `${kind.group}/${kind.version}` : kind.version;
}
