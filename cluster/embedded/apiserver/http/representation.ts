import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { badRequest } from '../api-error.ts';
import type { Representation } from './media-types.ts';

/** The metadata of a list. */
export interface ListMeta {
  resourceVersion?: string;
  /** Where the next page begins; absent on the last. */
  continue?: string;
  remainingItemCount?: number;
}

/** What the rows of a Table carry of their objects. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') || 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw badRequest(`includeObject is "${value}"; it can be None, Metadata or Object`);
}

/** What rows and lists need of a kind. */
type Printed = Pick<Kind, 'group' | 'version' | 'kind' | 'columns'>;

/** One object as the client wants it. */
export function represent(kind: Printed, object: KubeObject, { as }: Representation, include: IncludeObject): object {
  if (as === 'Table') return table(kind, [object], { resourceVersion: object.metadata.resourceVersion }, include, true);
  return as === 'PartialObjectMetadata' ? partial(object) : object;
}

/** Several objects as the client wants them. */
export function representList(
  kind: Printed,
  items: KubeObject[],
  metadata: ListMeta,
  { as }: Representation,
  include: IncludeObject,
): object {
  if (as === 'Table') return table(kind, items, metadata, include, true);
  if (as === 'PartialObjectMetadata') {
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: items.map(partial) };
  }
  // The list says what its items are.
  const bare = items.map(({ kind: _kind, apiVersion: _version, ...item }) => item);
  return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items: bare };
}

/** A Table of meta/v1: kubectl prints its cells as they are. */
export function table(
  kind: Printed,
  objects: KubeObject[],
  metadata: ListMeta,
  include: IncludeObject,
  withColumns: boolean,
): object {
  const now = Date.now();
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? columnDefinitions(kind) : null,
    rows: objects.map((object) => ({
      cells: kind.columns.map(({ cell }) => cell(object, now)),
      object: include === 'None' ? null : include === 'Metadata' ? partial(object) : object,
    })),
  };
}

function columnDefinitions(kind: Printed): object[] {
  return kind.columns.map(({ name, type, wide }) => ({
    name,
    type,
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority: wide ? 1 : 0,
  }));
}

function partial({ metadata }: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
