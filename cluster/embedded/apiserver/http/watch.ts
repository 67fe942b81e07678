import { randomInt } from 'node:crypto';
import { apiVersionOf } from '../../kinds/kind.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { ExpiredError } from '../../store/history.ts';
import { ApiError } from '../api-error.ts';
import type { WatchEvent } from '../api.ts';
import { flag, storageOf, wholeNumber, type ApiRequest } from './request.ts';
import { listOptionsInvalid, selection } from './list-page.ts';
import { includeObject } from './representation.ts';
import { watchEncoder, type WatchEncoder } from './watch-encoding.ts';

/** How often an idle watch learns the revision it has reached, in ms. */
const BOOKMARK_INTERVAL = 60_000;
/** A watcher that lets this many bytes wait, beside what it began with, is cut off: it lists again, and we do not run out of memory. */
const BACKLOG_LIMIT = 16 * 1024 * 1024;
/** What a timer can wait for, in ms: 24 days. One that is asked to wait longer goes off at once. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** GET with watch: the changes of a collection as they happen, one JSON document a line, until somebody ends it. */
export function watchObjects(request: ApiRequest): void {
  const { res, query, representation } = request;
  const storage = storageOf(request);
  const start = startOf(query, storage.revision);
  const encoder = watchEncoder(storage.kind, representation, includeObject(query));
  const timeout = Math.min(
    (Math.max(wholeNumber(query, 'timeoutSeconds') ?? 0, 0) || randomInt(1800, 3600)) * 1000,
    LONGEST_TIMEOUT,
  );
  const selected = selection(request);

  res.setHeader('content-type', 'application/json');
  res.setHeader('cache-control', 'no-cache, private');
  const stream = new EventStream(request, encoder);
  let stop: () => void;
  try {
    stop = storage.watch(selected, start.since, (event) => stream.write(event));
  } catch (error) {
    if (!(error instanceof ExpiredError)) throw error;
    return stream.fail(new ApiError('Expired', error.message));
  }
  res.flushHeaders();
  // Never ahead of events that are on their way: the client would resume behind them.
  const bookmark = (initialEventsEnd: boolean) =>
    storage.mark((revision) => {
      if (!res.writableEnded) stream.bookmark(revision, initialEventsEnd);
    });
  storage.mark(() => stream.hasBegun());
  if (start.initialEvents) bookmark(true);

  const bookmarks = start.bookmarks ? setInterval(() => bookmark(false), BOOKMARK_INTERVAL) : undefined;
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
  // Who has left meanwhile is not told of any more.
  if (res.destroyed) leave();
}

/**
 * Where a watch begins: after which revision, without one with everything there is; with `initialEvents` a bookmark follows that
 * says so.
 */
function startOf(query: URLSearchParams, latest: number) {
  const version = wholeNumber(query, 'resourceVersion');
  const initialEvents = flag(query, 'sendInitialEvents');
  const bookmarks = flag(query, 'allowWatchBookmarks') ?? false;
  const match = query.get('resourceVersionMatch');
  if (initialEvents !== undefined && match !== 'NotOlderThan') {
    throw listOptionsInvalid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (initialEvents === undefined && match) {
    throw listOptionsInvalid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
  const since = initialEvents ? undefined : version || (initialEvents === false ? latest : undefined);
  return { since, initialEvents, bookmarks };
}

/** Writes events to one response. */
class EventStream {
  readonly #request: ApiRequest;
  readonly #encoder: WatchEncoder;
  #corked = false;
  #first = true;
  #limit = Infinity;

  constructor(request: ApiRequest, encoder: WatchEncoder) {
    this.#request = request;
    this.#encoder = encoder;
  }

  write(event: WatchEvent<KubeObject>): void {
    this.#send(this.#encoder.event(event, this.#first));
    this.#first = false;
  }

  /** What a watch begins with may be more than a slow watcher is let wait for. */
  hasBegun(): void {
    this.#limit = this.#request.res.writableLength + BACKLOG_LIMIT;
  }

  bookmark(revision: number, initialEventsEnd: boolean): void {
    const { kind } = storageOf(this.#request);
    const metadata = {
      resourceVersion: String(revision),
      creationTimestamp: null,
      ...(initialEventsEnd && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
    };
    const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } as unknown as KubeObject;
    this.#send(this.#encoder.bookmark(object));
  }

  /** A watch reports even that it cannot begin as an event, with HTTP status 200. */
  fail(error: ApiError): void {
    this.#request.res.end(`${JSON.stringify({ type: 'ERROR', object: error.toStatus() })}\n`);
  }

  #send(line: string): void {
    const { res } = this.#request;
    if (res.writableLength > this.#limit) {
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
