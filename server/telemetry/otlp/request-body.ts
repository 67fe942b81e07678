import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { OtlpError } from './otlp-error.ts';

const MAX_COMPRESSED_BYTES = 4 * 1024 * 1024;
export const MAX_INFLATED_BYTES = 8 * 1024 * 1024;
/** A sender that takes longer keeps others out. */
const READ_WITHIN_MS = 10_000;

const inflate = promisify(gunzip);

/** @throws OtlpError `unsupported-content-encoding` */
export function checkEncoding(encoding: string): void {
  if (encoding !== '' && encoding !== 'identity' && encoding !== 'gzip') {
    throw new OtlpError(
      'unsupported-content-encoding',
      415,
      `Content-Encoding "${encoding}" is not supported; send gzip or no encoding.`,
    );
  }
}

/**
 * Reads a request's body as it was sent.
 *
 * @param keep called before so many bytes more are kept; may refuse by an error
 * @throws OtlpError `body-too-large`, `body-incomplete`
 */
export async function readBody(
  body: AsyncIterable<Uint8Array> | null,
  keep: (bytes: number) => void,
): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const seconds = READ_WITHIN_MS / 1000;
    const error = new OtlpError('body-incomplete', 400, `The body did not come within ${seconds} s; send it again.`);
    timer = setTimeout(() => reject(error), READ_WITHIN_MS);
  });
  try {
    const iterator = body[Symbol.asyncIterator]();
    for (;;) {
      const { done, value: chunk } = await Promise.race([iterator.next(), late]);
      if (done) break;
      size += chunk.byteLength;
      if (size > MAX_COMPRESSED_BYTES) throw tooLarge('the request body', MAX_COMPRESSED_BYTES);
      keep(chunk.byteLength);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof OtlpError) throw cause;
    throw new OtlpError('body-incomplete', 400, 'The connection broke before the body was complete; send it again.', {
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks, size);
}

/** @throws OtlpError `body-too-large`, `malformed-gzip` */
export async function inflateBounded(bytes: Uint8Array): Promise<Uint8Array> {
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
