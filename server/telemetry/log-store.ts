import type { LogRecord } from '../contract/logs.ts';
import { WINDOW_SECONDS } from './series.ts';

export interface LogFilter {
  scope?: string;
  traceId?: string;
  service?: string;
  pod?: string;
  /** At least this severe, by OTLP's numbers: 9 is info, 13 a warning, 17 an error. */
  severity?: number;
  /** Part of the body, in any case. */
  text?: string;
  /** Unix time in ms. */
  from?: number;
  to?: number;
  /** At most this many, newest first. Default 100. */
  limit?: number;
}

/** A log record, and whose it is. */
export interface ScopedLogRecord extends LogRecord {
  scope: string;
}

/** What a record takes beside its text and attributes, measured (memory-bounds.test.ts). */
const RECORD_BYTES = 400;
/** Removed ones at the front of the array are cleared away when they are as many as this, and half of it. */
const COMPACT_AT = 1024;

/** The log records of the last 15 minutes within a bound in bytes, in order of arrival; the oldest go first. */
export class LogStore {
  readonly #maxBytes: number;
  /** Those that were given up are undefined. */
  #records: (ScopedLogRecord | undefined)[] = [];
  #first = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param now Unix time in ms */
  add(records: ScopedLogRecord[], now: number): void {
    for (const record of records) {
      this.#records.push(record);
      this.#bytes += cost(record);
    }
    this.sweep(now);
  }

  /** Drops what is too old or too much. @param now Unix time in ms */
  sweep(now: number): void {
    const oldest = now - WINDOW_SECONDS * 1000;
    for (let record = this.#records[this.#first]; record; record = this.#records[this.#first]) {
      if (this.#bytes <= this.#maxBytes && record.at >= oldest) break;
      this.#bytes -= cost(record);
      this.#records[this.#first++] = undefined;
    }
    if (this.#first < COMPACT_AT || this.#first < this.#records.length / 2) return;
    this.#records = this.#records.slice(this.#first);
    this.#first = 0;
  }

  list(filter: LogFilter): LogRecord[] {
    const { scope, traceId, service, pod, severity = 0, from = -Infinity, to = Infinity, limit = 100 } = filter;
    const text = filter.text?.toLowerCase();
    const found: LogRecord[] = [];
    for (let i = this.#records.length - 1; i >= this.#first && found.length < limit; i--) {
      const { scope: own, ...record } = this.#records[i]!;
      if (scope !== undefined && own !== scope) continue;
      if (traceId !== undefined && record.traceId !== traceId) continue;
      if (service !== undefined && record.service !== service) continue;
      if (pod !== undefined && record.pod !== pod) continue;
      if (record.severity < severity || record.at < from || record.at > to) continue;
      if (text !== undefined && !record.body.toLowerCase().includes(text)) continue;
      found.push(record);
    }
    return found;
  }
}

function cost({ body, attributes }: LogRecord): number {
  let bytes = RECORD_BYTES + body.length;
  for (const key in attributes) {
    const value = attributes[key]!;
    bytes += 110 + key.length + (typeof value === 'string' ? value.length : 0);
  }
  return bytes;
}
