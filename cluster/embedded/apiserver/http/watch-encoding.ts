import type { Kind } from '../../kinds/kind.ts';
import type { KubeObject } from '../../kinds/types.ts';
import type { WatchEvent } from '../api.ts';
import type { Representation } from './media-types.ts';
import { represent, table, type IncludeObject } from './representation.ts';

/** Writes the events of a watch as lines. */
export interface WatchEncoder {
  /** `first`: no other event has gone to this client before. */
  event(event: WatchEvent<KubeObject>, first: boolean): string;
  bookmark(object: KubeObject): string;
}

const encoders = new WeakMap<Kind, Map<string, WatchEncoder>>();

/** The encoder for a representation. All watchers of a kind that want the same share it, and so its work. */
export function watchEncoder(kind: Kind, representation: Representation, include: IncludeObject): WatchEncoder {
  const ofKind = encoders.get(kind) ?? new Map<string, WatchEncoder>();
  encoders.set(kind, ofKind);
  const key = representation.as === 'Table' ? `Table ${include}` : representation.as;
  const encoder = ofKind.get(key) ?? newEncoder(kind, representation, include);
  ofKind.set(key, encoder);
  return encoder;
}

function newEncoder(kind: Kind, representation: Representation, include: IncludeObject): WatchEncoder {
  const isTable = representation.as === 'Table';
  // An event goes to all its watchers before the next one does, so remembering one is enough to write each only once.
  let last: { type: string; object: KubeObject; line: string } | undefined;
  const encode = ({ type, object }: WatchEvent<KubeObject>, columns: boolean): string => {
    const body = isTable
      ? table(kind, [object], { resourceVersion: object.metadata.resourceVersion }, include, columns)
      : represent(kind, object, representation, include);
    return `${JSON.stringify({ type, object: body })}\n`;
  };
  return {
    event(event, first) {
      // Only a client's first Table tells the columns.
      if (first && isTable) return encode(event, true);
      if (last?.object !== event.object || last.type !== event.type) {
        last = { type: event.type, object: event.object, line: encode(event, false) };
      }
      return last.line;
    },
    bookmark(object) {
      const { metadata } = object;
      const body = isTable
        ? { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: null, rows: [] }
        : represent(kind, object, representation, include);
      return `${JSON.stringify({ type: 'BOOKMARK', object: body })}\n`;
    },
  };
}
