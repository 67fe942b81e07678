import { trace } from '@opentelemetry/api';
import { correlationId } from './correlation.ts';

type Level = 'info' | 'warn' | 'error';
type Fields = Record<string, unknown>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** One JSON object a line on standard output; whoever runs the container collects it (twelve factors, XI). */
export function serviceLog(service: string, write: (line: string) => void = (line) => process.stdout.write(line)): Log {
  function line(level: Level, message: string, fields: Fields = {}): void {
    const span = trace.getActiveSpan()?.spanContext();
    const entry = {
      time: new Date().toISOString(),
      level,
      service,
      message,
      trace_id: span?.traceId,
      span_id: span?.spanId,
      correlation_id: correlationId(),
      ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, loggable(value)])),
    };
    write(`${JSON.stringify(entry)}\n`);
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
