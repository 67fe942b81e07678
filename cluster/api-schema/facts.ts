import json from './facts.json' with { type: 'json' };

/** What is known of a field of one of Kubernetes' types. */
export interface FieldFacts {
  /**
   * A scalar (string, boolean, int32, int64, number, bytes, time, microTime, quantity, intOrString, any), the name of a type,
   * `X[]` (a list) or `{X}` (a map with string keys).
   */
  type: string;
  /** Its number in Kubernetes' protobuf; `1.2` where it is in a message that JSON shows as its parent's own fields. */
  number?: string;
  /** A pointer in Go: in protobuf its zero is a value, where any other zero means that nothing was set. */
  pointer?: true;
  /** A struct that is in its parent even while it is empty: no pointer in Go. */
  inline?: true;
  required?: true;
  /** What it may be; for a list, its items. */
  enum?: string[];
  /** What it is where it is left out. */
  default?: unknown;
  /** How server-side apply sees a list: as a whole, as a set, or by the keys of its items. */
  list?: 'atomic' | 'set' | string[];
  /** A map or struct that server-side apply sees as a whole. */
  map?: 'atomic';
  /** How strategic merge joins a list: by this key of its items, which without one are a set; it is replaced where this is missing. */
  merge?: { key?: string };
  /** Strategic merge drops those fields of it that the patch does not name in `$retainKeys`. */
  retainKeys?: true;
}

/** What is known of a type. */
export interface TypeFacts {
  /** `apps/v1/Deployment`, `v1/Pod`: the kind whose objects are of this type. */
  kind?: string;
  /** One that server-side apply sees as a whole. */
  map?: 'atomic';
  fields: Record<string, FieldFacts>;
}

/** By name, as upstream's OpenAPI names them: `io.k8s.api.apps.v1.Deployment`. */
export type Types = Record<string, TypeFacts>;

/** Kubernetes' own types; generate.ts writes them. */
export const types = json as unknown as Types;

const byKind = new Map(Object.entries(types).flatMap(([name, { kind }]) => (kind ? [[kind, name] as const] : [])));

/** The name of the type of a kind, say of `apps/v1` and `Deployment`; undefined where it is not Kubernetes' own. */
export function typeOfKind(apiVersion: string, kind: string): string | undefined {
  return byKind.get(`${apiVersion}/${kind}`);
}

/** The facts of a field of one of Kubernetes' types; undefined where the type or field is not known. */
export function fieldOf(type: string | undefined, field: string): FieldFacts | undefined {
  if (type === undefined || !Object.hasOwn(types, type)) return undefined;
  const { fields } = types[type]!;
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}

/** The type of what a list or map holds, or the type itself: `Container` for `Container[]`. */
export function elementOf(type: string): string {
  return type.replace(/^\{|[\]}[]+$/g, '');
}
