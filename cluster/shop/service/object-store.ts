import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  CreateBucketCommand,
  GetObjectCommand,
  NoSuchBucket,
  NoSuchKey,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { withOwnSpan } from './client-span.ts';
import type { Environment } from './environment.ts';

export interface StoredImage {
  body: Buffer;
  contentType: string;
  /** What was put beside it, with names in small letters. */
  metadata: Record<string, string>;
}

/** A bucket of an S3 object store; each call is a client span by OpenTelemetry's conventions for AWS SDKs. */
export interface ObjectStore {
  put(key: string, image: StoredImage): Promise<void>;
  /** Undefined when there is none. */
  get(key: string): Promise<StoredImage | undefined>;
  /** Makes the bucket, and has it tell of what is created below `prefix`. Does no harm when it is so already. */
  prepare(notify: { prefix: string; arn: string }): Promise<void>;
  close(): void;
}

/** An object that takes longer is not waited for; the SDK repeats what failed, three times in all. */
const patienceMs = 5_000;
/** Beyond it an object is no image of ours. */
const mostBytes = 8 * 1024 * 1024;

/** From OBJECTS_URL, OBJECTS_KEY, OBJECTS_SECRET and OBJECTS_BUCKET. @throws EnvironmentError */
export function openObjectStore(environment: Environment): ObjectStore {
  const endpoint = environment.url('OBJECTS_URL');
  const Bucket = environment.text('OBJECTS_BUCKET', 'product-images');
  const client = new S3Client({
    endpoint,
    region: environment.text('OBJECTS_REGION', 'us-east-1'),
    forcePathStyle: true,
    credentials: { accessKeyId: environment.text('OBJECTS_KEY'), secretAccessKey: environment.text('OBJECTS_SECRET') },
    requestHandler: { requestTimeout: patienceMs, connectionTimeout: 1_000 },
  });
  const traced = <T>(method: string, key: string | undefined, call: () => Promise<T>) =>
    inStoreSpan({ method, bucket: Bucket, key, host: new URL(endpoint).hostname }, call);

  return {
    async put(Key, { body, contentType, metadata }) {
      const command = new PutObjectCommand({ Bucket, Key, Body: body, ContentType: contentType, Metadata: metadata });
      await traced('PutObject', Key, () => client.send(command));
    },
    get: (Key) =>
      traced('GetObject', Key, async () => {
        try {
          const {
            Body,
            ContentType,
            ContentLength = 0,
            Metadata = {},
          } = await client.send(new GetObjectCommand({ Bucket, Key }));
          if (ContentLength > mostBytes) throw new Error(`${Key} has ${ContentLength} bytes, more than ${mostBytes}.`);
          const body = Buffer.from(await Body!.transformToByteArray());
          return { body, contentType: ContentType ?? 'application/octet-stream', metadata: Metadata };
        } catch (error) {
          if (error instanceof NoSuchKey || error instanceof NoSuchBucket) return undefined;
          throw error;
        }
      }),
    async prepare({ prefix, arn }) {
      await client.send(new CreateBucketCommand({ Bucket })).catch((error: Error) => {
        if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
      });
      const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: prefix }] } };
      const QueueConfigurations = [{ QueueArn: arn, Events: ['s3:ObjectCreated:*' as const], Filter }];
      const NotificationConfiguration = { QueueConfigurations };
      await client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    },
    close: () => client.destroy(),
  };
}

interface StoreCall {
  method: string;
  bucket: string;
  key: string | undefined;
  host: string;
}

/** opentelemetry.io/docs/specs/semconv/object-stores/s3: the SDK's HTTP requests are part of this span. */
async function inStoreSpan<T>({ method, bucket, key, host }: StoreCall, call: () => Promise<T>): Promise<T> {
  const span = trace.getTracer('shop').startSpan(`S3/${method}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      'rpc.system': 'aws-api',
      'rpc.service': 'S3',
      'rpc.method': method,
      'aws.s3.bucket': bucket,
      ...(key && { 'aws.s3.key': key }),
      'server.address': host,
    },
  });
  try {
    return await context.with(withOwnSpan(trace.setSpan(context.active(), span)), call);
  } catch (error) {
    const { name, message } = error as Error;
    span.setAttribute('error.type', name === 'TimeoutError' ? 'timeout' : name);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span.end();
  }
}
