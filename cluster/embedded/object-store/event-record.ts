import type { EventName, Notification } from './notification.ts';
import type { StoredObject } from './records.ts';

interface Cause {
  requestId: string;
  /** The address of who asked. */
  source: string;
  userAgent: string;
  accessKey: string;
  region: string;
  /** Where this store is reached: `http://objects:9000`. */
  origin: string;
}

/**
 * The body of an event as MinIO sends it to a webhook: S3's own record (docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html),
 * with the object's own metadata beside it, and its name and key once more on top.
 */
export function eventBody(name: EventName, object: StoredObject, { id }: Notification, cause: Cause): string {
  const { bucket, key, size, etag, modified, headers } = object;
  const identity = { principalId: cause.accessKey };
  const removed = name.startsWith('s3:ObjectRemoved:');
  const record = {
    eventVersion: '2.0',
    eventSource: 'minio:s3',
    awsRegion: cause.region,
    eventTime: new Date(modified).toISOString(),
    eventName: name,
    userIdentity: identity,
    requestParameters: { ...identity, region: cause.region, sourceIPAddress: cause.source },
    responseElements: { 'x-amz-request-id': cause.requestId, 'x-minio-origin-endpoint': cause.origin },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: id,
      bucket: { name: bucket, ownerIdentity: identity, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: encodeURIComponent(key).replaceAll('%20', '+'),
        ...(!removed && {
          ...{ size, eTag: etag, contentType: headers['content-type'] },
          userMetadata: Object.fromEntries(
            Object.entries(headers).map(([each, value]) => [asMinioWrites(each), value]),
          ),
        }),
        sequencer: modified.toString(16).toUpperCase().padStart(16, '0'),
      },
    },
    source: { host: cause.source, port: '', userAgent: cause.userAgent },
  };
  return JSON.stringify({ EventName: name, Key: `${bucket}/${key}`, Records: [record] });
}

/** `X-Amz-Meta-Traceparent`, but `content-type`. */
function asMinioWrites(header: string): string {
  if (!header.startsWith('x-amz-meta-')) return header;
  return header.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
