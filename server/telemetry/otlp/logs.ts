import type { ScopedLogRecord } from '../log-store.ts';
import { clip, toAttributes, toText } from './attributes.ts';
import { toNumber } from './messages.ts';
import type { OtlpLogRecord, OtlpLogsRequest } from './messages.ts';
import { hex, toSource } from './spans.ts';
import type { Source } from './spans.ts';

/** Longer bodies are cut. */
const MAX_BODY = 8 * 1024;

/** The log records of a request. One without a time has that of its arrival. @param now Unix time in ms */
export function toLogRecords(request: OtlpLogsRequest, now: number): ScopedLogRecord[] {
  const records: ScopedLogRecord[] = [];
  for (const group of request.resourceLogs ?? []) {
    const source = toSource(group.resource);
    for (const scope of group.scopeLogs ?? [])
      for (const sent of scope.logRecords ?? []) records.push(toRecord(sent, source, now));
  }
  return records;
}

function toRecord(sent: OtlpLogRecord, { scope, service, pod }: Source, now: number): ScopedLogRecord {
  const at = toNumber(sent.timeUnixNano) || toNumber(sent.observedTimeUnixNano);
  return {
    scope,
    service,
    pod,
    at: at > 0 ? at / 1e6 : now,
    severity: Math.min(Math.max(sent.severityNumber ?? 0, 0), 24),
    severityText: clip(sent.severityText ?? '', 32),
    body: sent.body ? toText(sent.body, MAX_BODY) : '',
    traceId: hex(sent.traceId) || null,
    spanId: hex(sent.spanId) || null,
    attributes: toAttributes(sent.attributes),
  };
}
