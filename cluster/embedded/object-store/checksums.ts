import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './s3-error.ts';

/** Computes one digest of a stream of bytes. */
interface Digest {
  update(bytes: Uint8Array): void;
  base64(): string;
}

/** The checksum that a client gives, by the end of its header: `x-amz-checksum-crc32`. Those that Node computes. */
export type ChecksumAlgorithm = keyof typeof digests;

const digests = { crc32: crc32Digest, sha1: () => hashDigest('sha1'), sha256: () => hashDigest('sha256') };
const header = 'x-amz-checksum-';

export interface Checksum {
  algorithm: ChecksumAlgorithm;
  /** base64 */
  value: string;
}

/**
 * What a client says the checksum is: in a header, or in a trailer, of which it names only the algorithm beforehand. Undefined without one.
 *
 * @throws S3Error NotImplemented for an algorithm that is none of ours.
 */
export function announcedChecksum(
  headers: NodeJS.Dict<string | string[]>,
): { algorithm: ChecksumAlgorithm; value: string | undefined } | undefined {
  const trailer = headers['x-amz-trailer'];
  const kept = ['x-amz-checksum-mode', 'x-amz-checksum-algorithm', 'x-amz-checksum-type'];
  const name =
    typeof trailer === 'string'
      ? trailer
      : Object.keys(headers).find((each) => each.startsWith(header) && !kept.includes(each));
  if (!name) return undefined;
  return { algorithm: algorithmOf(name.slice(header.length)), value: headers[name] as string | undefined };
}

/** @throws S3Error NotImplemented */
function algorithmOf(name: string): ChecksumAlgorithm {
  const algorithm = name.toLowerCase();
  if (Object.hasOwn(digests, algorithm)) return algorithm as ChecksumAlgorithm;
  const known = Object.keys(digests).join(', ').toUpperCase();
  throw new S3Error('NotImplemented', `Checksums are ${known} here, not ${name.toUpperCase()}.`);
}

export function digestOf(algorithm: ChecksumAlgorithm | 'md5'): Digest {
  return algorithm === 'md5' ? hashDigest('md5') : digests[algorithm]();
}

function hashDigest(name: string): Digest {
  const hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), base64: () => hash.digest('base64') };
}

function crc32Digest(): Digest {
  let value = 0;
  return {
    update: (bytes) => void (value = crc32(bytes, value)),
    base64() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}
