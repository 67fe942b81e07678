import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import type { Exchange, Operation } from '../operation.ts';
import { receiveText } from '../received-body.ts';
import type { Part, Upload } from '../records.ts';
import { S3Error } from '../s3-error.ts';
import { listOf, readXml, xmlDocument } from '../xml.ts';
import { checksumHeader } from './object-headers.ts';
import { storedHeaders } from './put.ts';

const mostParts = 10_000;
/** S3's, of every part but the last. */
const leastPart = 5 * 1024 * 1024;
const mostListed = 1_000;

const completion = z.object({
  Part: listOf(z.object({ PartNumber: z.coerce.number().int().min(1).max(mostParts), ETag: z.string() }), mostParts),
});

export const multipartOperations: Operation[] = [
  {
    name: 'CreateMultipartUpload',
    method: 'POST',
    on: 'object',
    marked: 'uploads',
    run({ store, bucket, key, request }) {
      store.bucketOf(bucket);
      const id = randomUUID();
      store.records.createUpload({ id, bucket, key, begun: Date.now(), headers: storedHeaders(request.headers) });
      return { body: xmlDocument('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: id }) };
    },
  },
  {
    name: 'UploadPart',
    method: 'PUT',
    on: 'object',
    marked: 'uploadId',
    async run(exchange) {
      const { store, request, payload, query } = exchange;
      const { id } = uploadOf(exchange);
      const number = Number(query.get('partNumber'));
      if (!Number.isInteger(number) || number < 1 || number > mostParts) {
        throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${mostParts}, inclusive`);
      }
      const received = await store.receive(request, payload);
      const before = store.records.parts(id).find((part) => part.number === number);
      // It may have been ended meanwhile.
      const stale = store.records.upload(id) ? before?.blob : received.blob;
      if (stale !== received.blob) store.records.putPart(id, { number, ...received, modified: Date.now() });
      if (stale) await store.blobs.remove([stale]);
      uploadOf(exchange);
      return { headers: { etag: `"${received.etag}"`, ...checksumHeader(received.checksum) } };
    },
  },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    on: 'object',
    marked: 'uploadId',
    async run(exchange) {
      const { store, request, payload, bucket, key, cause } = exchange;
      const { Part: listed } = readXml('CompleteMultipartUpload', await receiveText(request, payload), completion);
      const { id, headers } = uploadOf(exchange);
      const parts = chosen(listed, store.records.parts(id));
      const hash = createHash('md5');
      for (const part of parts) hash.update(part.etag, 'hex');
      const etag = `${hash.digest('hex')}-${parts.length}`;
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const object = { id, bucket, key, size, etag, modified: Date.now(), headers, checksum: null };
      await store.put(object, parts, 's3:ObjectCreated:CompleteMultipartUpload', cause);
      const content = { Location: `${cause.origin}/${bucket}/${key}`, Bucket: bucket, Key: key, ETag: `"${etag}"` };
      return { body: xmlDocument('CompleteMultipartUploadResult', content) };
    },
  },
  {
    name: 'AbortMultipartUpload',
    method: 'DELETE',
    on: 'object',
    marked: 'uploadId',
    async run(exchange) {
      await exchange.store.abort(uploadOf(exchange).id);
      return { status: 204 };
    },
  },
  {
    name: 'ListParts',
    method: 'GET',
    on: 'object',
    marked: 'uploadId',
    run(exchange) {
      const { bucket: Bucket, key: Key, store, query } = exchange;
      const { id } = uploadOf(exchange);
      const after = Number(query.get('part-number-marker') ?? 0) || 0;
      const behind = store.records.parts(id).filter(({ number }) => number > after);
      const parts = behind.slice(0, mostListed);
      const Part = parts.map(({ number, etag, size, modified }) => {
        return { PartNumber: number, ETag: `"${etag}"`, Size: size, LastModified: new Date(modified).toISOString() };
      });
      const IsTruncated = behind.length > parts.length;
      const NextPartNumberMarker = parts.at(-1)?.number ?? 0;
      const content = { Bucket, Key, UploadId: id, IsTruncated, NextPartNumberMarker, MaxParts: mostListed, Part };
      return { body: xmlDocument('ListPartsResult', content) };
    },
  },
  {
    name: 'ListMultipartUploads',
    method: 'GET',
    on: 'bucket',
    marked: 'uploads',
    run({ store, bucket }) {
      const all = store.records.uploads(store.bucketOf(bucket), mostListed);
      const Upload = all.map(({ id, key, begun }) => {
        return { Key: key, UploadId: id, Initiated: new Date(begun).toISOString(), StorageClass: 'STANDARD' };
      });
      return { body: xmlDocument('ListMultipartUploadsResult', { Bucket: bucket, IsTruncated: false, Upload }) };
    },
  },
];

function uploadOf({ store, bucket, key, query }: Exchange): Upload {
  const upload = store.records.upload(query.get('uploadId') ?? '');
  if (upload?.bucket === bucket && upload.key === key) return upload;
  throw new S3Error('NoSuchUpload', 'The specified upload does not exist.');
}

/** The parts that a client lists, in its order, which must be that of their numbers. */
function chosen(listed: { PartNumber: number; ETag: string }[], there: Part[]): Part[] {
  const byNumber = new Map(there.map((part) => [part.number, part]));
  const parts = listed.map(({ PartNumber, ETag }, index) => {
    const part = byNumber.get(PartNumber);
    if (!part || ETag.replaceAll('"', '') !== part.etag) {
      throw new S3Error('InvalidPart', `Part ${PartNumber} could not be found, or its ETag is another one.`);
    }
    if (index > 0 && PartNumber <= listed[index - 1]!.PartNumber) {
      throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    return part;
  });
  if (parts.length === 0) throw new S3Error('MalformedXML', 'An upload is completed with one part at least.');
  const small = parts.slice(0, -1).find((part) => part.size < leastPart);
  if (!small) return parts;
  throw new S3Error(
    'EntityTooSmall',
    `Part ${small.number} has ${small.size} bytes; all but the last have ${leastPart} or more.`,
  );
}
