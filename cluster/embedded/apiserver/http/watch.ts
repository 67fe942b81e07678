import { randomInt } from 'node:crypto';
import { apiVersionOf } from '../../kinds/kind.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { ExpiredError } from '../../store/history.ts';
import { ApiError, badRequest } from '../api-error.ts';
import type { WatchEvent } from '../api.ts';
import { flag, wholeNumber, type Call } from './call.ts';
import { negotiate } from './media-types.ts';
import { selection } from './list-page.ts';
import { includeObject } from './representation.ts';
import { watchEncoder, type WatchEncoder } from './watch-encoding.ts';

/** How often an idle watch learns the revision it has reached, in ms. */
const BOOKMARK_INTERVAL = 60_000;
/** A watcher that lets this many bytes wait is cut off: it lists again, and we do not run out of memory. */
const BACKLOG_LIMIT = 16 * 1024 * 1024;

/** GET with watch: the changes of a collection as they happen, one JSON document a line, until somebody ends it. */
export function watchObjects(call: Call): void {
  const { res, query, resource } = call;
  const start = startOf(query);
  const encoder = watchEncoder(resource.kind, negotiate(call.req.headers.accept), includeObject(query));
  const timeout = (wholeNumber(query, 'timeoutSeconds') || randomInt(1800, 3600)) * 1000;
  const selected = selection(call);
  let initial = start.initialEvents && start.since === undefined ? resource.list(selected).length : -1;

  res.setHeader('content-type', 'application/json');
  res.setHeader('cache-control', 'no-cache, private');
  const stream = new EventStream(call, encoder);
  const listener = (event: WatchEvent<KubeObject>) => {
    stream.write(event);
    if (--initial === 0 && start.initialEvents) stream.bookmark(true);
  };
  const since = start.fromNow ? resource.revision : start.since;
  let stop: () => void;
  try {
    stop = resource.watch(selected, since, listener);
  } catch (error) {
    if (!(error instanceof ExpiredError)) throw error;
    return stream.fail(new ApiError('Expired', error.message));
  }
  res.flushHeaders();
  if (initial === 0) stream.bookmark(true);

  const bookmarks = start.bookmarks ? setInterval(() => stream.bookmark(false), BOOKMARK_INTERVAL) : undefined;
  const leave = () => {
    stop();
    clearInterval(bookmarks);
    clearTimeout(end);
  };
  const end = setTimeout(() => {
    leave(); // before the end: `close` comes only once the last bytes are out, and an event may come sooner
    res.end();
  }, timeout);
  res.on('close', leave);
}

interface Start {
  /** Undefined: first everything there is. */
  since: number | undefined;
  fromNow: boolean;
  /** Everything there is, then a bookmark that says so. */
  initialEvents: boolean;
  bookmarks: boolean;
}

function startOf(query: URLSearchParams): Start {
  const version = wholeNumber(query, 'resourceVersion');
  const initialEvents = flag(query, 'sendInitialEvents');
  const bookmarks = flag(query, 'allowWatchBookmarks') ?? false;
  const match = query.get('resourceVersionMatch');
  if (initialEvents !== undefined && match !== 'NotOlderThan') {
    throw badRequest('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (initialEvents === undefined && match) {
    throw badRequest('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
  if (initialEvents) return { since: undefined, fromNow: false, initialEvents: true, bookmarks };
  return { since: version || undefined, fromNow: initialEvents === false && !version, initialEvents: false, bookmarks };
}

/** Writes events to one response. */
class EventStream {
  readonly #call: Call;
  readonly #encoder: WatchEncoder;
  #corked = false;
  #first = true;

  constructor(call: Call, encoder: WatchEncoder) {
    this.#call = call;
    this.#encoder = encoder;
  }

  write(event: WatchEvent<KubeObject>): void {
    this.#send(this.#encoder.event(event, this.#first));
    this.#first = false;
  }

  bookmark(initialEventsEnd: boolean): void {
    const { kind, revision } = this.#call.resource;
    const metadata = {
      resourceVersion: String(revision),
      creationTimestamp: null,
      ...(initialEventsEnd && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
    };
    this.#send(this.#encoder.bookmark({ kind: kind.kind, apiVersion: apiVersionOf(kind), metadata }));
  }

  /** A watch reports even that it cannot begin as an event, with HTTP status 200. */
  fail(error: ApiError): void {
    this.#call.res.end(`${JSON.stringify({ type: 'ERROR', object: error.toStatus() })}\n`);
  }

  #send(line: string): void {
    const { res } = this.#call;
    if (res.writableLength > BACKLOG_LIMIT) {
      res.destroy();
      return;
    }
    if (!this.#corked) {
      this.#corked = true;
      res.cork();
      // All events of this turn of the event loop leave in one packet.
      process.nextTick(() => {
        this.#corked = false;
        res.uncork();
      });
    }
    res.write(line);
  }
}
