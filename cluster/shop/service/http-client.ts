import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { context, createContextKey } from '@opentelemetry/api';
import { correlationHeader, correlationId } from './correlation.ts';

/** The call got no answer at all. `cause` has the system's error, `code` its errno where there is one. */
export class NoAnswer extends Error {
  readonly code: string;

  constructor(method: string, url: string, cause: Error) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
    super(`${method} ${url} got no answer: ${cause.message || code}`, { cause });
    this.name = 'NoAnswer';
    this.code = code;
  }
}

export interface Call {
  method: string;
  url: string;
  headers?: Record<string, string>;
  /** Sent as application/json. */
  json?: unknown;
  /** Sent as it is, instead of `json`. */
  body?: Uint8Array;
  /** Abandons the call; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** How often this call was sent before: 1 for the first repeat. Recorded as `http.request.resend_count`. */
  resendCount?: number;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type HttpClient = (call: Call) => Promise<Answer>;

/** Read by the telemetry preload, which has its own copy of the API: such keys are equal across copies. */
const resendCountKey = createContextKey('http.request.resend_count');
const answerLimit = 1024 * 1024;

/**
 * The one way services call each other. node:http, because its instrumentation names the destination as called
 * (`server.address`).
 *
 * @throws NoAnswer from every call that gets none; the signal's reason where the caller gave up.
 */
export function httpClient(agent: Agent = new Agent({ keepAlive: true })): HttpClient {
  return (call) => {
    const { resendCount } = call;
    if (!resendCount) return send(agent, call);
    return context.with(context.active().setValue(resendCountKey, resendCount), () => send(agent, call));
  };
}

function send(agent: Agent, { method, url, headers, json, body, signal }: Call): Promise<Answer> {
  const payload = json === undefined ? body : Buffer.from(JSON.stringify(json));
  const id = correlationId();
  return new Promise<Answer>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const outgoing = httpRequest(url, {
      agent,
      method,
      headers: {
        ...(id && { [correlationHeader]: id }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
        ...(payload && { 'content-length': String(payload.length) }),
      },
    });
    const abandon = () => outgoing.destroy(signal?.reason);
    signal?.addEventListener('abort', abandon, { once: true });
    outgoing.once('close', () => signal?.removeEventListener('abort', abandon));

    const fail = (error: Error) => reject(signal?.aborted ? signal.reason : new NoAnswer(method, url, error));
    outgoing.once('error', fail);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > answerLimit) outgoing.destroy(new Error(`The answer is longer than ${answerLimit} bytes.`));
        else chunks.push(chunk);
      });
      incoming.once('error', fail);
      incoming.once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.end(payload);
  });
}
