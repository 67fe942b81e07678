import type { IncomingMessage } from 'node:http';
import type { Settings } from './settings.ts';
import type { Cause, Store } from './store.ts';

/** A request whose signature is right. */
export interface Exchange {
  request: IncomingMessage;
  /** Decoded; empty where the path has none. */
  bucket: string;
  key: string;
  query: URLSearchParams;
  /** `x-amz-content-sha256`, as it was signed. */
  payload: string;
  cause: Cause;
  store: Store;
  settings: Settings;
}

export interface Answer {
  /** 200 where it is left out. */
  status?: number;
  headers?: Record<string, string | number>;
  /** A document, or the bytes of an object. */
  body?: string | AsyncIterable<Uint8Array>;
}

/** One of the operations of S3's API. */
export interface Operation {
  name: string;
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  on: 'service' | 'bucket' | 'object';
  /** A parameter of the query by which it is told from others: `uploads`. */
  marked?: string;
  /** @throws S3Error */
  run(exchange: Exchange): Answer | Promise<Answer>;
}
