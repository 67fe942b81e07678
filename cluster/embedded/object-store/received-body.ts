import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { awsChunked } from './aws-chunked.ts';
import type { Blobs } from './blobs.ts';
import { announcedChecksum, digestOf, type Checksum } from './checksums.ts';
import { S3Error } from './s3-error.ts';

export interface ReceivedBody {
  blob: string;
  size: number;
  /** MD5 in hex, as S3's ETags are. */
  etag: string;
  checksum: Checksum | null;
}

const streamed = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const smallBody = 1024 * 1024;

/**
 * Streams a request's body to the disk, and checks all that its sender said of it: length, SHA-256, MD5 and checksum.
 *
 * @param payload `x-amz-content-sha256`, as it was signed
 * @param size `announcedSize`
 * @throws S3Error; then nothing of it is left.
 */
export async function receiveBody(
  request: IncomingMessage,
  payload: string,
  size: number,
  blobs: Blobs,
): Promise<ReceivedBody> {
  const announced = announcedChecksum(request.headers);
  const trailers = new Map<string, string>();
  const md5 = digestOf('md5');
  const sha256 = isHash(payload) ? createHash('sha256') : null;
  const digest = announced && digestOf(announced.algorithm);
  let etag = '';
  let checksum: Checksum | null = null;

  async function* checked(): AsyncGenerator<Buffer> {
    let come = 0;
    // Not destroyed on the way out: the answer goes over the same connection.
    const raw = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const chunk of payload === streamed ? awsChunked(raw, trailers) : raw) {
      come += chunk.length;
      if (come > size) throw new S3Error('IncompleteBody', 'The body is longer than the request said.');
      md5.update(chunk);
      sha256?.update(chunk);
      digest?.update(chunk);
      yield chunk;
    }
    if (come < size) throw new S3Error('IncompleteBody', 'The body is shorter than the request said.');
    checkSha256(payload, sha256?.digest('hex'));
    const hash = md5.base64();
    const wanted = request.headers['content-md5'];
    if (wanted !== undefined && wanted !== hash) throw digestMismatch('Content-MD5');
    etag = Buffer.from(hash, 'base64').toString('hex');
    if (!announced) return;
    const { algorithm } = announced;
    checksum = { algorithm, value: digest!.base64() };
    const said = announced.value ?? trailers.get(`x-amz-checksum-${algorithm}`);
    if (said !== checksum.value) throw digestMismatch(algorithm.toUpperCase());
  }

  const blob = await blobs.write(checked());
  return { blob, size, etag, checksum };
}

/**
 * A small body as text, of what is no object.
 *
 * @throws S3Error
 */
export async function receiveText(request: IncomingMessage, payload: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > smallBody) throw new S3Error('EntityTooLarge', `The document is over ${smallBody} bytes.`);
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks);
  checkSha256(payload, isHash(payload) ? createHash('sha256').update(body).digest('hex') : undefined);
  return body.toString('utf8');
}

/**
 * Bytes that a body will have, as its sender says.
 *
 * @throws S3Error
 */
export function announcedSize({ headers }: IncomingMessage, payload: string, mostBytes: number): number {
  if (payload.startsWith('STREAMING-') && payload !== streamed) {
    throw new S3Error('NotImplemented', `Chunks with signatures of their own (${payload}) are not taken here.`);
  }
  const length = headers[payload === streamed ? 'x-amz-decoded-content-length' : 'content-length'];
  if (typeof length !== 'string' || !/^\d{1,15}$/.test(length)) {
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const size = Number(length);
  if (size <= mostBytes) return size;
  throw new S3Error('EntityTooLarge', `Your proposed upload exceeds the maximum allowed size of ${mostBytes} bytes.`);
}

function isHash(payload: string): boolean {
  return /^[0-9a-f]{64}$/.test(payload);
}

function checkSha256(payload: string, computed: string | undefined): void {
  if (computed === undefined || computed === payload) return;
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  throw new S3Error('XAmzContentSHA256Mismatch', message);
}

function digestMismatch(name: string): S3Error {
  return new S3Error('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
}
