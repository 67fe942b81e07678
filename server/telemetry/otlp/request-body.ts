import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { OtlpError } from './otlp-error.ts';

const MAX_COMPRESSED_BYTES = 4 * 1024 * 1024;
export const MAX_INFLATED_BYTES = 16 * 1024 * 1024;

const inflate = promisify(gunzip);

/**
 * Reads a request's body and inflates it.
 *
 * @param encoding value of Content-Encoding
 * @throws OtlpError `body-too-large`, `body-incomplete`, `malformed-gzip`, `unsupported-content-encoding`
 */
export async function readBody(body: AsyncIterable<Uint8Array> | null, encoding: string): Promise<Uint8Array> {
  if (encoding !== '' && encoding !== 'identity' && encoding !== 'gzip') {
    throw new OtlpError(
      'unsupported-content-encoding',
      415,
      `Content-Encoding "${encoding}" is not supported; send gzip or no encoding.`,
    );
  }
  const bytes = await collect(body);
  return encoding === 'gzip' ? await inflateBounded(bytes) : bytes;
}

async function collect(body: AsyncIterable<Uint8Array> | null): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > MAX_COMPRESSED_BYTES) throw tooLarge('the request body', MAX_COMPRESSED_BYTES);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof OtlpError) throw cause;
    throw new OtlpError('body-incomplete', 400, 'The connection broke before the body was complete; send it again.', {
      cause,
    });
  }
  return Buffer.concat(chunks, size);
}

async function inflateBounded(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await inflate(bytes, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge('the inflated body', MAX_INFLATED_BYTES, cause);
    throw new OtlpError('malformed-gzip', 400, `The body is not valid gzip (${(cause as Error).message}).`, { cause });
  }
}

function tooLarge(what: string, limit: number, cause?: unknown): OtlpError {
  const message = `${what[0]!.toUpperCase()}${what.slice(1)} exceeds ${limit / 1024 / 1024} MB; send smaller batches.`;
  return new OtlpError('body-too-large', 413, message, { cause });
}
