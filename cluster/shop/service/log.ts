import { trace } from '@opentelemetry/api';
import { correlationId } from './correlation.ts';
import { logAppender } from './log-appender.ts';

type Level = 'info' | 'warn' | 'error';
type Fields = Record<string, unknown>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** Of this process: all its logs share what they are written to. */
let append: ((line: string) => void) | undefined;

/**
 * One JSON object a line, with the trace and span it belongs to, to where `logAppender` says. Services ship nothing themselves: whoever
 * runs the container collects it (twelve factors, XI).
 */
export function serviceLog(service: string, write = (append ??= logAppender())): Log {
  function line(level: Level, message: string, fields: Fields = {}): void {
    const { traceId: trace_id, spanId: span_id } = trace.getActiveSpan()?.spanContext() ?? {};
    const attributes = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, loggable(value)]));
    const correlation_id = correlationId();
    const time = new Date();
    write(`${JSON.stringify({ time, level, service, message, trace_id, span_id, correlation_id, ...attributes })}\n`);
  }
  return {
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, fields) => line('error', message, fields),
  };
}

/** JSON has no form for errors: they would print as {}. */
function loggable(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const code = 'code' in value ? value.code : undefined;
  return { name, code, message, stack, cause: cause === undefined ? undefined : loggable(cause) };
}
