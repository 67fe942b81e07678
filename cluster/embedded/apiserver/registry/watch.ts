import type { KubeObject } from '../../kinds/types.ts';
import type { StoreEvent, StoreListener } from '../../store/event.ts';
import type { WatchEvent } from '../api.ts';
import type { Predicate } from './selectors.ts';

/** `source` is the store's event, the same for all watchers: what is made of it can be shared among them. */
export type SelectedListener = (event: WatchEvent<KubeObject>, source: StoreEvent) => void;

/**
 * Turns the store's events into those of a watch that sees only some objects: one that begins to be selected is ADDED to it,
 * one that no longer is has been DELETED.
 */
export function watchSelected(selects: Predicate, listener: SelectedListener): StoreListener {
  return (source) => {
    const { type, object, previous, revision } = source;
    const was = previous !== undefined && selects(previous);
    if (type === 'DELETED') {
      if (was) listener({ type, object }, source);
      return;
    }
    const is = selects(object);
    if (is) listener({ type: was ? 'MODIFIED' : 'ADDED', object }, source);
    else if (was) {
      const last = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(revision) } };
      listener({ type: 'DELETED', object: last }, source);
    }
  };
}
