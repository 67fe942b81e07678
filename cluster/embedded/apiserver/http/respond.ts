import type { ServerResponse } from 'node:http';
import type { V1Status } from '@kubernetes/client-node';
import { yaml } from '../../kinds/yaml.ts';
import { DatabaseError } from '../../store/database.ts';
import { ApiError } from '../api-error.ts';
import type { ApiRequest } from './request.ts';

/** Answers with one object, as JSON or, if that is what the client accepts first, YAML. */
export function send(
  request: Pick<ApiRequest, 'res' | 'warnings'>,
  code: number,
  body: object,
  format: 'json' | 'yaml' = 'json',
): void {
  const { res, warnings } = request;
  if (warnings.length > 0) res.setHeader('warning', warnings.map(warning));
  sendBytes(res, code, format === 'json' ? JSON.stringify(body) : yaml().stringify(body), `application/${format}`);
}

export function sendBytes(res: ServerResponse, code: number, content: string | Uint8Array, type: string): void {
  const bytes = Buffer.from(content as string);
  res.writeHead(code, { 'content-type': type, 'content-length': bytes.length, 'cache-control': 'no-cache, private' });
  res.end(bytes);
}

/** The Status to answer an error with: a full disk is nobody's fault here, and passes. What is not an ApiError is a fault of ours: it is reported, and its detail kept in. */
function statusOf(error: unknown): V1Status {
  if (error instanceof ApiError) return error.toStatus();
  if (error instanceof DatabaseError && error.code === 'DiskFull') {
    return new ApiError('InsufficientStorage', error.message, { retryAfterSeconds: 1 }, { cause: error }).toStatus();
  }
  console.error(new Error('a request failed with an unexpected error', { cause: error }));
  return new ApiError(
    'InternalError',
    'Internal error occurred; the log of the cluster process has its details',
  ).toStatus();
}

export function sendError(res: ServerResponse, error: unknown): void {
  const status = statusOf(error);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  if (status.reason === 'Unauthorized') res.setHeader('www-authenticate', 'Bearer');
  // Client libraries wait, and try again.
  const isPassing = status.reason === 'TooManyRequests' || status.reason === 'Timeout';
  const wait = isPassing && status.details?.retryAfterSeconds;
  if (wait) res.setHeader('retry-after', wait);
  // What may be left of a body that is too large is not worth reading.
  if (status.reason === 'RequestEntityTooLarge') res.setHeader('connection', 'close');
  sendBytes(res, status.code!, JSON.stringify(status), 'application/json');
}

/** RFC 7234, 5.5: code 299, no agent. */
function warning(message: string): string {
  return `299 - "${message.replace(/[\\"]/g, '\\$&').replace(/[^\x20-\x7e]/g, '?')}"`;
}
