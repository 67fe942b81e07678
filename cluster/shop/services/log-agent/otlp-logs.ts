import type { Origin, SourceLine } from './source.ts';

/** By what services of the shop call their levels: OTLP's severity numbers. */
const severities: Record<string, number> = { debug: 5, info: 9, warn: 13, error: 17 };

interface Attribute {
  key: string;
  value: { stringValue: string } | { boolValue: boolean } | { doubleValue: number };
}

/**
 * Lines as an OTLP/HTTP request in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): a JSON object is a record with
 * level, message, trace and span, and the rest of it as attributes; any other line is the body of one.
 */
export function logsRequest(lines: readonly SourceLine[]): object {
  const groups = new Map<string, { origin: Origin; service: string; logRecords: object[] }>();
  for (const line of lines) {
    const { service, record } = recordOf(line);
    const { origin } = line;
    const key = JSON.stringify([origin, service]);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { origin, service, logRecords: [] }));
    group.logRecords.push(record);
  }
  return {
    resourceLogs: [...groups.values()].map(({ origin, service, logRecords }) => ({
      resource: { attributes: resourceAttributes(origin, service) },
      scopeLogs: [{ scope: { name: 'log-agent' }, logRecords }],
    })),
  };
}

/** Whose it is, by OpenTelemetry's names. */
export function resourceAttributes({ namespace, pod, container, node }: Origin, service: string): Attribute[] {
  return attributes({
    'service.name': service,
    'k8s.namespace.name': namespace,
    'k8s.pod.name': pod,
    'k8s.container.name': container,
    'k8s.node.name': node,
  });
}

function recordOf({ text, at, origin }: SourceLine): { service: string; record: object } {
  const fields = parsed(text);
  if (!fields) {
    const record = { timeUnixNano: nanoseconds(at ?? Date.now()), body: { stringValue: text } };
    return { service: serviceOf(origin.pod), record };
  }
  const { time, level, service, message, trace_id, span_id, ...rest } = fields;
  const record = {
    timeUnixNano: nanoseconds(Date.parse(String(time)) || at || Date.now()),
    severityNumber: severities[String(level)] ?? 0,
    severityText: String(level ?? '').toUpperCase(),
    body: { stringValue: typeof message === 'string' ? message : text },
    ...(isId(trace_id, 16) && { traceId: trace_id }),
    ...(isId(span_id, 8) && { spanId: span_id }),
    attributes: attributes({
      ...rest,
      ...(!isId(trace_id, 16) && { trace_id }),
      ...(!isId(span_id, 8) && { span_id }),
    }),
  };
  return { service: typeof service === 'string' ? service : serviceOf(origin.pod), record };
}

function parsed(text: string): Record<string, unknown> | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null; // a line like any other
  }
}

/** Any program may log a field of that name; for one that is none of OTLP's the sink would refuse all lines of the request. */
function isId(value: unknown, bytes: number): value is string {
  return typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]*$/i.test(value);
}

/** By what controllers call their pods: `postgres-6d8f7c9b5d-abcde` of a Deployment, `postgres-0` of a StatefulSet. */
function serviceOf(pod: string): string {
  return pod.replace(/-[a-z0-9]{6,10}-[a-z0-9]{5}$|-\d+$|-[a-z0-9]{5}$/, '');
}

/** Decimal text: as a number it would not be exact. */
function nanoseconds(at: number): string {
  return `${Math.round(at)}000000`;
}

function attributes(fields: Record<string, unknown>): Attribute[] {
  return Object.entries(fields).flatMap(([key, value]): Attribute[] => {
    if (value === undefined || value === null) return [];
    if (typeof value === 'boolean') return [{ key, value: { boolValue: value } }];
    if (typeof value === 'number') return [{ key, value: { doubleValue: value } }];
    return [{ key, value: { stringValue: typeof value === 'string' ? value : JSON.stringify(value) } }];
  });
}
