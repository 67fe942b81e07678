import type { Operation } from '../operation.ts';
import { S3Error } from '../s3-error.ts';
import { xmlDocument } from '../xml.ts';

/** docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, those that matter outside of DNS. */
const bucketName = /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?:[a-z0-9]|[.-](?![.-])){1,61}[a-z0-9]$/;

export const bucketOperations: Operation[] = [
  {
    name: 'ListBuckets',
    method: 'GET',
    on: 'service',
    run({ store, settings }) {
      const Owner = { ID: settings.accessKey, DisplayName: settings.accessKey };
      const all = store.records.buckets();
      const Bucket = all.map(({ name, created }) => ({ Name: name, CreationDate: new Date(created).toISOString() }));
      return { body: xmlDocument('ListAllMyBucketsResult', { Owner, Buckets: { Bucket } }) };
    },
  },
  {
    name: 'CreateBucket',
    method: 'PUT',
    on: 'bucket',
    run({ store, bucket, request }) {
      request.resume(); // where the bucket is to be: there is one place
      if (!bucketName.test(bucket)) throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
      if (store.records.hasBucket(bucket)) {
        throw new S3Error('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded.');
      }
      store.records.createBucket(bucket, Date.now());
      return { headers: { location: `/${bucket}` } };
    },
  },
  {
    name: 'HeadBucket',
    method: 'HEAD',
    on: 'bucket',
    run({ store, bucket }) {
      store.bucketOf(bucket);
      return {};
    },
  },
  {
    name: 'GetBucketLocation',
    method: 'GET',
    on: 'bucket',
    marked: 'location',
    run({ store, bucket, settings }) {
      store.bucketOf(bucket);
      return { body: xmlDocument('LocationConstraint', { '#text': settings.region }) };
    },
  },
  {
    name: 'DeleteBucket',
    method: 'DELETE',
    on: 'bucket',
    run({ store, bucket }) {
      store.bucketOf(bucket);
      if (!store.records.isEmpty(bucket)) {
        throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty');
      }
      store.records.deleteBucket(bucket);
      return { status: 204 };
    },
  },
];
