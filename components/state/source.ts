import type { Changes, Show } from '../../server/contract/stream.ts';
import type { ConnectionState } from './connection.ts';

/** What a source tells its store. */
export interface Sink {
  changes(changes: Changes): void;
  connection(state: ConnectionState): void;
}

/** An open source. */
export interface Feed {
  /** What the page shows is other than before. */
  show(show: Show): void;
  close(): void;
}

/** Where a store's state comes from: the live system now; a lane of a comparison or a recording are others. */
export interface Source {
  /** `shown` is asked at each connection: what the page shows then. */
  open(sink: Sink, shown: () => Show): Feed;
}
