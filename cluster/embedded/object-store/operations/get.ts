import type { Answer, Exchange, Operation } from '../operation.ts';
import type { StoredObject } from '../records.ts';
import { S3Error } from '../s3-error.ts';
import { checksumHeader, objectHeaders } from './object-headers.ts';

/** What a presigned URL may have answered in place of what is stored: `response-content-type`. */
const replaceable = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];

export const getOperations: Operation[] = [
  { name: 'GetObject', method: 'GET', on: 'object', run: (exchange) => answer(exchange, true) },
  { name: 'HeadObject', method: 'HEAD', on: 'object', run: (exchange) => answer(exchange, false) },
];

function answer({ store, bucket, key, query, request }: Exchange, withBody: boolean): Answer {
  const object = store.records.object(store.bucketOf(bucket), key);
  if (!object) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  const headers = objectHeaders(object);
  for (const name of replaceable) {
    const value = query.get(`response-${name}`);
    if (value !== null) headers[name] = value;
  }
  if (request.headers['if-none-match'] === headers.etag) return { status: 304, headers };
  const ifMatch = request.headers['if-match'];
  if (ifMatch !== undefined && ifMatch !== headers.etag) {
    throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  }
  const range = rangeOf(request.headers.range, object);
  const [first, last] = range ?? [0, object.size - 1];
  const whole = request.headers['x-amz-checksum-mode'] === 'ENABLED' && !range;
  return {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      ...(whole && checksumHeader(object.checksum)),
      ...(range && { 'content-range': `bytes ${first}-${last}/${object.size}` }),
      'content-length': last - first + 1,
    },
    ...(withBody && { body: store.blobs.read(store.records.parts(object.id), first, last) }),
  };
}

/** The first and the last byte that are asked for; null for all. What is no single range counts as none (RFC 9110, 14.2). */
function rangeOf(header: string | undefined, { size }: StoredObject): [number, number] | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first <= last) return [first, last];
  throw new S3Error('InvalidRange', 'The requested range is not satisfiable');
}
