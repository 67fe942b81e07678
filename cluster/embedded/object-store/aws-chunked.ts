import { S3Error } from './s3-error.ts';

/** Of a line that says how long a chunk is, or of all trailers. */
const mostLine = 1_024;

/**
 * The content of a body in `Content-Encoding: aws-chunked` without signatures of its chunks, as the SDKs send a stream:
 *
 *   <length in hex>\r\n<bytes>\r\n ... 0\r\n<trailer>:<value>\r\n\r\n
 *
 * @param trailers is given what stands at the end, by names in small letters
 * @throws S3Error IncompleteBody
 */
export async function* awsChunked(body: AsyncIterable<Buffer>, trailers: Map<string, string>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  /** What is left of the chunk; null between two of them. */
  let left: number | null = null;
  let ending = false;
  for await (const piece of body) {
    rest = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    while (!ending) {
      if (left === null) {
        const end = rest.indexOf('\r\n');
        if (end < 0) break;
        left = lengthOf(rest.subarray(0, end).toString('latin1'));
        rest = rest.subarray(end + 2);
        ending = left === 0;
      } else if (left > 0) {
        const part: Buffer = rest.subarray(0, left);
        if (part.length === 0) break;
        rest = rest.subarray(part.length);
        left -= part.length;
        yield part;
      } else {
        if (rest.length < 2) break;
        if (rest.toString('latin1', 0, 2) !== '\r\n') throw malformed('a chunk is longer than it says');
        rest = rest.subarray(2);
        left = null;
      }
    }
    if ((ending || left === null) && rest.length > mostLine) throw malformed('a line has no end');
  }
  if (!ending) throw malformed('its last chunk is missing');
  for (const line of rest.toString('latin1').split('\r\n')) {
    const [, name, value] = /^([\w-]+): ?(.*)$/.exec(line) ?? [];
    if (name) trailers.set(name.toLowerCase(), value!.trim());
  }
}

function lengthOf(line: string): number {
  const [, length] = /^([0-9a-fA-F]{1,8})(;.*)?$/.exec(line) ?? [];
  if (!length) throw malformed('a chunk does not begin with its length');
  return parseInt(length, 16);
}

function malformed(why: string): S3Error {
  return new S3Error('IncompleteBody', `The body is not in aws-chunked encoding: ${why}.`);
}
