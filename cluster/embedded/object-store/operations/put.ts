import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from '../operation.ts';
import { S3Error } from '../s3-error.ts';
import { checksumHeader } from './object-headers.ts';

const kept = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];
const meta = 'x-amz-meta-';
/** S3's: of all the metadata that a client gives. */
const mostMetadata = 2_048;

export const putOperations: Operation[] = [
  {
    name: 'PutObject',
    method: 'PUT',
    on: 'object',
    async run({ store, bucket, key, request, payload, cause }) {
      store.bucketOf(bucket);
      const headers = storedHeaders(request.headers);
      const check = condition(request.headers);
      const { blob, size, etag, checksum } = await store.receive(request, payload);
      const modified = Date.now();
      const part = { number: 1, blob, size, etag, checksum, modified };
      const object = { id: randomUUID(), bucket, key, size, etag, modified, headers, checksum };
      try {
        store.bucketOf(bucket); // it may be gone meanwhile
        await store.put(object, [part], 's3:ObjectCreated:Put', cause, check);
      } catch (error) {
        await store.blobs.remove([blob]);
        throw error;
      }
      return { headers: { etag: `"${etag}"`, ...checksumHeader(checksum) } };
    },
  },
];

/** What of a request is given back with the object. @throws S3Error MetadataTooLarge */
export function storedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const all = Object.entries(headers as Record<string, string>);
  const own = all.filter(([name]) => name.startsWith(meta));
  const size = own.reduce((sum, [name, value]) => sum + name.length - meta.length + Buffer.byteLength(value), 0);
  if (size > mostMetadata) {
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  }
  const found = Object.fromEntries([...all.filter(([name]) => kept.includes(name)), ...own]);
  // How the body came, not what it is.
  const encoding = found['content-encoding']?.split(',').filter((each) => each.trim() !== 'aws-chunked');
  if (encoding) found['content-encoding'] = encoding.join(',').trim();
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(Object.entries(found).filter(([, value]) => value)),
  };
}

/** Conditional writes: only where there is none yet, or none but the one of that ETag. */
function condition(headers: IncomingHttpHeaders): (before: { etag: string } | undefined) => void {
  const [ifMatch, ifNoneMatch] = [headers['if-match'], headers['if-none-match']];
  return (before) => {
    const matches = (ifMatch === undefined || ifMatch === `"${before?.etag}"`) && (ifNoneMatch !== '*' || !before);
    if (matches) return;
    throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  };
}
