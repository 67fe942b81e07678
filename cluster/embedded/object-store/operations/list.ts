import type { Operation } from '../operation.ts';
import type { Records, StoredObject } from '../records.ts';
import { S3Error } from '../s3-error.ts';
import { xmlDocument } from '../xml.ts';

const mostKeys = 1_000;

interface Listing {
  objects: StoredObject[];
  prefixes: string[];
  /** The last key or common prefix, where there is more behind it. */
  next: string | null;
}

export const listOperations: Operation[] = [
  {
    name: 'ListObjectsV2',
    method: 'GET',
    on: 'bucket',
    run({ store, bucket, query }) {
      store.bucketOf(bucket);
      if (query.get('list-type') !== '2') {
        throw new S3Error('NotImplemented', 'Version 1 of listing objects is not served: list with list-type=2.');
      }
      const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
      const token = query.get('continuation-token');
      const after = token === null ? (query.get('start-after') ?? '') : keyOf(token);
      const limit = limitOf(query);
      const { objects, prefixes, next } = list(store.records, bucket, { prefix, delimiter, after, limit });
      const encode = encoder(query);
      const content = {
        Name: bucket,
        Prefix: encode(prefix),
        ...(delimiter && { Delimiter: encode(delimiter) }),
        MaxKeys: limit,
        KeyCount: objects.length + prefixes.length,
        ...(query.has('encoding-type') && { EncodingType: 'url' }),
        ...(token !== null && { ContinuationToken: token }),
        ...(query.has('start-after') && { StartAfter: encode(query.get('start-after')!) }),
        IsTruncated: next !== null,
        ...(next !== null && { NextContinuationToken: Buffer.from(next).toString('base64url') }),
        Contents: objects.map(({ key, modified, etag, size, checksum }) => ({
          Key: encode(key),
          LastModified: new Date(modified).toISOString(),
          ETag: `"${etag}"`,
          ...(checksum && { ChecksumAlgorithm: checksum.algorithm.toUpperCase() }),
          Size: size,
          StorageClass: 'STANDARD',
        })),
        CommonPrefixes: prefixes.map((each) => ({ Prefix: encode(each) })),
      };
      return { body: xmlDocument('ListBucketResult', content) };
    },
  },
];

/** Keys in order; those that have `delimiter` behind the prefix only by what they have in common up to there. */
function list(
  records: Records,
  bucket: string,
  { prefix, delimiter, after, limit }: { prefix: string; delimiter: string; after: string; limit: number },
): Listing {
  const [objects, prefixes]: [StoredObject[], string[]] = [[], []];
  // A page that ended with a common prefix goes on behind all that has it.
  let cursor = delimiter && after.startsWith(prefix) && after.endsWith(delimiter) ? beyond(after) : after;
  let last: string | null = null;
  // Behind a common prefix the search begins anew: what was read beyond it was read in vain.
  const size = delimiter ? Math.min(limit + 1, 64) : limit + 1;
  for (;;) {
    const batch = records.objectsAfter(bucket, prefix, cursor, size);
    let whole = true;
    for (const object of batch) {
      if (objects.length + prefixes.length >= limit) return { objects, prefixes, next: last };
      const end = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
      if (end < 0) {
        objects.push(object);
        last = cursor = object.key;
        continue;
      }
      last = object.key.slice(0, end + delimiter.length);
      prefixes.push(last);
      cursor = beyond(last);
      whole = false;
      break;
    }
    if (whole && batch.length < size) return { objects, prefixes, next: null };
  }
}

/** A key behind all those that begin with `prefix`. */
function beyond(prefix: string): string {
  return prefix + '\u{10ffff}';
}

function keyOf(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (key && Buffer.from(key).toString('base64url') === token) return key;
  throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
}

function limitOf(query: URLSearchParams): number {
  const asked = query.get('max-keys') ?? String(mostKeys);
  if (!/^\d{1,9}$/.test(asked)) throw new S3Error('InvalidArgument', 'max-keys is to be a whole number from 0 on.');
  return Math.min(Number(asked), mostKeys);
}

function encoder(query: URLSearchParams): (text: string) => string {
  const type = query.get('encoding-type');
  if (type === null) return (text) => text;
  if (type !== 'url') throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
}
