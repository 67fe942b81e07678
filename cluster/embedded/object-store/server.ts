import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './operation.ts';
import { operationOf, placeOf, refuseUnserved } from './routing.ts';
import { S3Error } from './s3-error.ts';
import type { Settings } from './settings.ts';
import { checkSignature } from './signature.ts';
import type { Store } from './store.ts';
import { xmlDocument } from './xml.ts';

const health = ['/minio/health/live', '/minio/health/ready', '/minio/health/cluster'];
/** Requests under way; a client that gets SlowDown comes again. */
const atOnce = 512;

/** The S3 API over HTTP, path-style, and MinIO's addresses for probes. */
export function objectStoreServer(settings: Settings, store: Store, log: (message: string) => void): Server {
  let open = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('server', 'breakwater-object-store');
    if (health.includes(request.url ?? '')) return void response.end();
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    response.setHeader('x-amz-request-id', requestId);
    open += 1;
    try {
      if (open > atOnce) throw new S3Error('SlowDown', 'Please reduce your request rate.');
      await send(request, response, await answerTo(request, requestId, settings, store));
    } catch (error) {
      if (response.destroyed || response.headersSent) return void response.destroy();
      if (!(error instanceof S3Error)) log(`${request.method} ${request.url}: ${(error as Error).stack}`);
      sendError(request, response, requestId, error);
    } finally {
      open -= 1;
    }
  };
  const server = createServer((request, response) => void handle(request, response));
  server.keepAliveTimeout = 65_000;
  return server;
}

function answerTo(
  request: IncomingMessage,
  requestId: string,
  settings: Settings,
  store: Store,
): Answer | Promise<Answer> {
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const payload = checkSignature(request, query, settings, Date.now());
  refuseUnserved(request.headers);
  const place = placeOf(path);
  const cause = {
    requestId,
    source: request.socket.remoteAddress ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    origin: `http://${request.headers.host}`,
  };
  return operationOf(request.method, place, query).run({ request, ...place, query, payload, cause, store, settings });
}

async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, headers = {}, body } = answer;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (typeof body === 'string') {
    response.setHeader('content-type', 'application/xml');
    response.end(body);
  } else if (body) {
    await pipeline(Readable.from(body, { objectMode: false }), response);
  } else {
    if (request.method !== 'HEAD' && ![204, 304].includes(status)) response.setHeader('content-length', 0);
    response.end();
  }
}

function sendError(request: IncomingMessage, response: ServerResponse, requestId: string, error: unknown): void {
  const { status, code, message } = toS3Error(error);
  response.statusCode = status;
  // Of what is not read, nobody knows where the next request begins.
  if (!request.complete) response.setHeader('connection', 'close');
  if (request.method === 'HEAD') return void response.end();
  response.setHeader('content-type', 'application/xml');
  const content = { Code: code, Message: message, Resource: request.url?.split('?', 1)[0], RequestId: requestId };
  response.end(xmlDocument('Error', content, {}));
}

function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  if ((error as { code?: string }).code === 'ENOSPC') {
    return new S3Error('XMinioStorageFull', 'The disk of the object store is full.', { cause: error });
  }
  return new S3Error('InternalError', 'We encountered an internal error, please try again.', { cause: error });
}
