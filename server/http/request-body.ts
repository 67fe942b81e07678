import type { MiddlewareHandler } from 'hono';
import { parseDocument } from 'yaml';
import { CodedError } from '../errors.ts';

const maxBodyBytes = 1024 * 1024;

/**
 * Reads the body of a request to the API, at most 1 MB of it, as JSON or YAML, and hands it on as JSON. A request that is
 * too large is refused as soon as that is known: by its Content-Length, or by the byte that is one too many.
 */
export const requestBody: MiddlewareHandler = async (c, next) => {
  const { body, headers, method, url } = c.req.raw;
  if (method === 'GET' || method === 'HEAD' || !body || headers.get('content-length') === '0') return next();
  const announced = Number(headers.get('content-length') ?? 0);
  if (announced > maxBodyBytes) throw tooLarge(`${announced} bytes`);
  const text = await readText(body);
  if (text === '') return next();
  const parsed = parse(headers.get('content-type') ?? '', text);
  c.req.raw = new Request(url, {
    method,
    headers: { ...Object.fromEntries(headers), 'content-type': 'application/json' },
    body: JSON.stringify(parsed ?? null),
  });
  return next();
};

async function readText(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) throw tooLarge(`more than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(contentType: string, text: string): unknown {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new CodedError('malformed-json', `The body is not valid JSON: ${reasonOf(cause)}.`, { cause });
    }
  }
  if (type === 'application/yaml' || type === 'text/yaml' || type === 'application/x-yaml') {
    const document = parseDocument(text);
    const cause = document.errors[0];
    if (cause) throw new CodedError('malformed-yaml', `The body is not valid YAML: ${reasonOf(cause)}.`, { cause });
    try {
      return document.toJS({ maxAliasCount: 100 });
    } catch (cause) {
      throw new CodedError('malformed-yaml', `The body is not usable YAML: ${reasonOf(cause)}.`, { cause });
    }
  }
  throw new CodedError('unsupported-media-type', `The body is ${type ? `"${type}"` : 'of no stated type'}.`);
}

function tooLarge(size: string): CodedError {
  return new CodedError('body-too-large', `The body is ${size}; at most ${maxBodyBytes} are read.`);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]?.replace(/[.:]$/, '') ?? '';
}
