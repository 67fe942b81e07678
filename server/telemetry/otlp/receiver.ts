import type { Rejection, Telemetry } from '../telemetry.ts';
import { logsRequestSchema, metricsRequestSchema, traceRequestSchema } from './json-schema.ts';
import { ErrorInfo, ExportResponse, LogsRequest, MetricsRequest, RpcStatus, TraceRequest } from './messages.ts';
import type { OtlpLogsRequest, OtlpMetricsRequest, OtlpTraceRequest } from './messages.ts';
import { toLogRecords } from './logs.ts';
import { toMetricPoints } from './metric-points.ts';
import { Intake } from './intake.ts';
import { OtlpError } from './otlp-error.ts';
import { checkEncoding, inflateBounded, readBody } from './request-body.ts';
import { boundJson, decodeBounded } from './size-limits.ts';
import { toSpans } from './spans.ts';

export interface OtlpRequest {
  method: string;
  path: string;
  /** Lower-case names. */
  headers: { get(name: string): string | null };
  body: AsyncIterable<Uint8Array> | null;
}
export interface OtlpResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer>;
}

/** One for the process, as its memory is. */
const intake = new Intake();

type Encoding = 'protobuf' | 'json';
type Sink = Pick<Telemetry, 'ingestTraces' | 'ingestMetrics' | 'ingestLogs'>;

/**
 * OTLP/HTTP: takes in `POST /v1/traces`, `/v1/metrics` and `/v1/logs`, protobuf or JSON, gzip or plain. A request that cannot be
 * read whole changes nothing and is answered with google.rpc.Status; single spans that cannot be placed are answered as
 * a partial success. See the OTLP specification 1.x, "OTLP/HTTP Response".
 */
export async function receiveOtlp(request: OtlpRequest, sink: Sink): Promise<OtlpResponse> {
  const contentType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  // Errors about the content type itself have no better encoding to answer in than JSON.
  const encoding: Encoding = contentType === 'application/x-protobuf' ? 'protobuf' : 'json';
  try {
    const ingest = route(request);
    if (encoding === 'json' && contentType !== 'application/json') {
      throw new OtlpError(
        'unsupported-content-type',
        415,
        `Content-Type "${contentType}" is not supported; send application/x-protobuf or application/json.`,
      );
    }
    const compression = request.headers.get('content-encoding')?.trim().toLowerCase() ?? '';
    checkEncoding(compression);
    const rejection = await intake.take(
      (keep) => readBody(request.body, keep),
      async (body) => ingest(encoding, compression === 'gzip' ? await inflateBounded(body) : body, sink),
    );
    return success(encoding, rejection);
  } catch (error) {
    return failure(encoding, error);
  }
}

type Ingest = (encoding: Encoding, bytes: Uint8Array, sink: Sink) => Rejection;

const INGEST: Record<string, Ingest> = {
  '/v1/traces': (encoding, bytes, sink) => {
    const request =
      encoding === 'json' ? parseJson(bytes, traceRequestSchema) : decode<OtlpTraceRequest>(bytes, TraceRequest);
    const { spans, rejected, reason } = toSpans(request);
    const outside = sink.ingestTraces(spans);
    return { rejected: rejected + outside.rejected, reason: reason || outside.reason };
  },
  '/v1/metrics': (encoding, bytes, sink) => {
    const request =
      encoding === 'json' ? parseJson(bytes, metricsRequestSchema) : decode<OtlpMetricsRequest>(bytes, MetricsRequest);
    const { points, rejected, reason } = toMetricPoints(request);
    const turnedDown = sink.ingestMetrics(points);
    return { rejected: rejected + turnedDown.rejected, reason: reason || turnedDown.reason };
  },
  '/v1/logs': (encoding, bytes, sink) => {
    const request =
      encoding === 'json' ? parseJson(bytes, logsRequestSchema) : decode<OtlpLogsRequest>(bytes, LogsRequest);
    return sink.ingestLogs(toLogRecords(request, Date.now()));
  },
};

function route(request: OtlpRequest): Ingest {
  const ingest = INGEST[request.path];
  if (!ingest)
    throw new OtlpError(
      'unknown-path',
      404,
      `There is no ${request.path}; send to /v1/traces, /v1/metrics or /v1/logs.`,
    );
  if (request.method !== 'POST') {
    throw new OtlpError('method-not-allowed', 405, `${request.method} ${request.path} is not offered; use POST.`);
  }
  return ingest;
}

function decode<T>(bytes: Uint8Array, type: typeof TraceRequest): T {
  try {
    return decodeBounded(type, bytes) as T;
  } catch (cause) {
    if (cause instanceof OtlpError) throw cause;
    throw new OtlpError(
      'malformed-protobuf',
      400,
      `The body is not a valid ${type.name} (${(cause as Error).message}).`,
      { cause },
    );
  }
}

function parseJson<T>(bytes: Uint8Array, schema: { parse(value: unknown): T }): T {
  boundJson(bytes);
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    const issue = (cause as { issues?: { path: PropertyKey[]; message: string }[] }).issues?.[0];
    const detail = issue ? `${issue.message} at ${issue.path.join('.') || 'the top'}` : (cause as Error).message;
    throw new OtlpError('malformed-json', 400, `The body is not valid OTLP JSON (${detail}).`, { cause });
  }
}

function success(encoding: Encoding, { rejected, reason }: Rejection): OtlpResponse {
  const partial = rejected > 0 ? { partialSuccess: { rejected, errorMessage: reason } } : {};
  if (encoding === 'protobuf')
    return protobufResponse(200, ExportResponse.encode(ExportResponse.create(partial)).finish());
  // JSON names the field by signal; all are given, and receivers ignore those they do not know.
  const body =
    rejected > 0
      ? {
          partialSuccess: {
            rejectedSpans: String(rejected),
            rejectedDataPoints: String(rejected),
            rejectedLogRecords: String(rejected),
            errorMessage: reason,
          },
        }
      : {};
  return jsonResponse(200, body);
}

function failure(encoding: Encoding, error: unknown): OtlpResponse {
  const refused =
    error instanceof OtlpError
      ? error
      : new OtlpError('internal', 500, 'The receiver failed; see the server log.', { cause: error });
  if (refused.code === 'internal') console.error('OTLP request failed', error);
  const info = { reason: refused.code.toUpperCase().replaceAll('-', '_'), domain: 'breakwater.dev' };
  const status = { code: refused.rpcCode, message: refused.message };
  const typeUrl = 'type.googleapis.com/google.rpc.ErrorInfo';
  const later: Record<string, string> = refused.code === 'busy' ? { 'retry-after': '1' } : {};
  if (encoding === 'json')
    return jsonResponse(refused.status, { ...status, details: [{ '@type': typeUrl, ...info }] }, later);
  const details = [{ typeUrl, value: ErrorInfo.encode(ErrorInfo.create(info)).finish() }];
  return protobufResponse(refused.status, RpcStatus.encode(RpcStatus.create({ ...status, details })).finish(), later);
}

function protobufResponse(status: number, body: Uint8Array, also = {}): OtlpResponse {
  return { status, headers: { 'content-type': 'application/x-protobuf', ...also }, body: Uint8Array.from(body) };
}

function jsonResponse(status: number, body: object, also = {}): OtlpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...also },
    body: Uint8Array.from(Buffer.from(JSON.stringify(body))),
  };
}
