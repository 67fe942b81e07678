import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from './operation.ts';
import { operations } from './operations/index.ts';
import { S3Error } from './s3-error.ts';

/** Parameters that make an operation another one, of all S3 has: to ignore one would be to do something else than asked. */
const markers = new Set(
  [
    'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle location logging',
    'metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock replication requestPayment restore',
    'retention select session tagging torrent uploadId uploads versionId versioning versions website',
  ].flatMap((line) => line.split(' ')),
);
const unservedHeaders = /^x-amz-(copy-source|tagging|server-side-encryption|object-lock|website|grant)/;
const mostKeyBytes = 1_024;

/** Bucket and key of a path, decoded; each may be missing. @throws S3Error */
export function placeOf(path: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  let place: { bucket: string; key: string };
  try {
    place = { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch (cause) {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", { cause });
  }
  if (Buffer.byteLength(place.key) <= mostKeyBytes) return place;
  throw new S3Error('KeyTooLongError', 'Your key is too long');
}

/** @throws S3Error NotImplemented, MethodNotAllowed */
export function operationOf(
  method: string | undefined,
  { bucket, key }: { bucket: string; key: string },
  query: URLSearchParams,
): Operation {
  const on = key ? 'object' : bucket ? 'bucket' : 'service';
  const marked = [...query.keys()].find((name) => markers.has(name));
  const found = operations.find((each) => each.method === method && each.on === on && each.marked === marked);
  if (found) return found;
  if (marked) throw new S3Error('NotImplemented', `${method} of ${on} with ${marked} is not implemented here.`);
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');
}

/** Of any request, as a part that is to be copied: what asks for something else than was understood would be a success that is none. */
export function refuseUnserved(headers: IncomingHttpHeaders): void {
  const found = Object.keys(headers).find((name) => unservedHeaders.test(name));
  if (found) throw new S3Error('NotImplemented', `The header ${found} implies functionality that is not implemented.`);
}
