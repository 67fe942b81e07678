import { trace } from '@opentelemetry/api';
import { logs, SeverityNumber, type AnyValue, type AnyValueMap } from '@opentelemetry/api-logs';
import { correlationId } from './correlation.ts';

type Level = 'info' | 'warn' | 'error';
type Fields = Record<string, unknown>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

const severities: Record<Level, SeverityNumber> = {
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};

/**
 * One JSON object a line on standard output; whoever runs the container collects it (twelve factors, XI). The same goes out as
 * an OpenTelemetry log record, with the trace and span it belongs to, where the telemetry preload is loaded.
 */
export function serviceLog(service: string, write: (line: string) => void = (line) => process.stdout.write(line)): Log {
  const logger = logs.getLogger('shop');

  function line(level: Level, message: string, fields: Fields = {}): void {
    const time = new Date();
    const { traceId: trace_id, spanId: span_id } = trace.getActiveSpan()?.spanContext() ?? {};
    const attributes: AnyValueMap = {
      correlation_id: correlationId(),
      ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, loggable(value)])),
    };
    write(`${JSON.stringify({ time, level, service, message, trace_id, span_id, ...attributes })}\n`);
    // The span is the active one: the SDK finds it itself.
    logger.emit({
      timestamp: time,
      severityNumber: severities[level],
      severityText: level.toUpperCase(),
      body: message,
      attributes,
    });
  }
  return {
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, fields) => line('error', message, fields),
  };
}

/** JSON has no form for errors: they would print as {}. */
function loggable(value: unknown): AnyValue {
  if (!(value instanceof Error)) return value as AnyValue;
  const { name, message, stack, cause } = value;
  const code = 'code' in value ? (value.code as AnyValue) : undefined;
  return { name, code, message, stack, cause: cause === undefined ? undefined : loggable(cause) };
}
