import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  paginateListObjectsV2,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { startStore, storeAt, type OwnStore, type RunningStore } from './testing/running-store.ts';

// The same for a real store: OBJECT_STORE_URL=http://localhost:9000 with its AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
const { OBJECT_STORE_URL: real, AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
const mebibyte = 2 ** 20;
const statusOf = (error: unknown) => (error as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode;

describe(`the AWS SDK, unchanged, on ${real ?? 'our object store'}`, () => {
  let store: RunningStore;
  let own: OwnStore | undefined;
  let s3: S3Client;
  const Bucket = `suite-${randomUUID()}`;
  before(async () => {
    if (real) store = storeAt(real, { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY });
    else store = own = await startStore();
    s3 = store.client();
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  after(async () => {
    for await (const { Contents } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
      for (const { Key } of Contents ?? []) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    }
    await s3.send(new DeleteBucketCommand({ Bucket }));
    await own?.remove();
  });

  const put = (Key: string, Body: string | Buffer = Key, more: object = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const text = async (Key: string, more: object = {}) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString();
  const refused = (name: string, status: number) => (error: unknown) => {
    assert.deepEqual([(error as Error).name, statusOf(error)], [name, status]);
    return true;
  };

  it('lists the bucket, finds it, and refuses one that is there or is none', async () => {
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    assert.ok(Buckets?.some(({ Name, CreationDate }) => Name === Bucket && CreationDate instanceof Date));
    await s3.send(new HeadBucketCommand({ Bucket }));
    await assert.rejects(s3.send(new CreateBucketCommand({ Bucket })), refused('BucketAlreadyOwnedByYou', 409));
    await assert.rejects(s3.send(new CreateBucketCommand({ Bucket: 'No_Name' })), refused('InvalidBucketName', 400));
    await assert.rejects(
      s3.send(new PutObjectCommand({ Bucket: 'not-there', Key: 'x' })),
      refused('NoSuchBucket', 404),
    );
    await assert.rejects(s3.send(new HeadBucketCommand({ Bucket: 'not-there' })), refused('NotFound', 404));
  });

  it('gives back what was put: bytes, type, metadata, ETag and checksum', async () => {
    const body = randomBytes(300_000);
    const { ETag, ChecksumCRC32 } = await put('whole', body, {
      ContentType: 'image/png',
      Metadata: { colour: 'blue' },
    });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'whole' }));
    assert.deepEqual(Buffer.from(await got.Body!.transformToByteArray()), body);
    assert.deepEqual([got.ContentType, got.Metadata, got.ContentLength], ['image/png', { colour: 'blue' }, 300_000]);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'whole', ChecksumMode: 'ENABLED' }));
    assert.deepEqual([head.ETag, head.ChecksumCRC32, head.ContentLength], [ETag, ChecksumCRC32, 300_000]);
    assert.ok(Date.now() - head.LastModified!.getTime() < 60_000);
  });

  it('takes a stream, whose checksum comes behind it', async () => {
    const parts = [randomBytes(100_000), Buffer.alloc(0), randomBytes(7), randomBytes(70_000)];
    const ContentLength = 170_007;
    await s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body: Readable.from(parts), ContentLength }));
    const { Body, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    assert.deepEqual(Buffer.from(await Body!.transformToByteArray()), Buffer.concat(parts));
    assert.equal(ContentEncoding, undefined, 'how it came is no part of it');
  });

  it('keeps nothing whose checksum is another', async () => {
    for (const algorithm of ['CRC32', 'SHA1', 'SHA256']) {
      const wrong = Buffer.alloc({ CRC32: 4, SHA1: 20, SHA256: 32 }[algorithm]!).toString('base64');
      await assert.rejects(put('spoilt', 'x', { [`Checksum${algorithm}`]: wrong }), refused('BadDigest', 400));
    }
    const ContentMD5 = Buffer.alloc(16).toString('base64');
    await assert.rejects(put('spoilt', 'x', { ContentMD5 }), refused('BadDigest', 400));
    await assert.rejects(text('spoilt'), refused('NoSuchKey', 404));
  });

  it('replaces an object as a whole, and lets an empty one be', async () => {
    await put('twice', 'first');
    await put('twice', 'second');
    assert.equal(await text('twice'), 'second');
    await put('nothing', '');
    assert.equal(await text('nothing'), '');
  });

  it('takes keys of any characters', async () => {
    const odd = ['a b+c', 'ä/€/😀', 'quotes\'"<&>', 'per%20cent', '..', 'a//b', '~!*()'];
    for (const key of odd) await put(`odd/${key}`, key);
    for (const key of odd) assert.equal(await text(`odd/${key}`), key);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'odd/', EncodingType: 'url' }));
    const { Contents: plain } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'odd/' }));
    assert.deepEqual([Contents?.length, plain?.length], [odd.length, odd.length]);
    assert.deepEqual(plain?.map(({ Key }) => Key).sort(), odd.map((key) => `odd/${key}`).sort());
    await assert.rejects(put('k'.repeat(1_025)), refused('KeyTooLongError', 400));
  });

  it('gives a range, and refuses one that is not there', async () => {
    await put('digits', '0123456789');
    const range = (Range: string) => text('digits', { Range });
    assert.deepEqual(
      [await range('bytes=2-4'), await range('bytes=7-'), await range('bytes=-2'), await range('bytes=8-99')],
      ['234', '789', '89', '89'],
    );
    await assert.rejects(range('bytes=10-'), refused('InvalidRange', 416));
  });

  it('answers and writes on conditions', async () => {
    const { ETag } = await put('once', '1', { IfNoneMatch: '*' });
    await assert.rejects(put('once', '2', { IfNoneMatch: '*' }), refused('PreconditionFailed', 412));
    // The SDK has no name for it.
    await assert.rejects(text('once', { IfNoneMatch: ETag }), (error) => statusOf(error) === 304);
    await assert.rejects(text('once', { IfMatch: '"other"' }), refused('PreconditionFailed', 412));
    assert.equal(await text('once', { IfMatch: ETag }), '1');
  });

  it('lists by prefix and delimiter, page by page, in the order of bytes', async () => {
    const keys = ['a', 'b/1', 'b/2', 'b/c/3', 'c', 'd/4', 'e', 'Z', 'ü'].map((key) => `list/${key}`);
    for (const key of keys) await put(key);
    const pages: string[][] = [];
    const config = { client: s3, pageSize: 2 };
    for await (const page of paginateListObjectsV2(config, { Bucket, Prefix: 'list/', Delimiter: '/' })) {
      assert.ok(page.KeyCount! <= 2);
      pages.push([
        ...(page.Contents ?? []).map(({ Key }) => Key!),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!),
      ]);
    }
    const expected = ['Z', 'a', 'b/', 'c', 'd/', 'e', 'ü'].map((key) => `list/${key}`);
    assert.deepEqual(pages.flat().sort(), expected.toSorted());
    assert.equal(pages.length, 4);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/b/', StartAfter: 'list/b/1' }));
    assert.deepEqual(
      Contents?.map(({ Key, Size }) => [Key, Size]),
      [
        ['list/b/2', 8],
        ['list/b/c/3', 10],
      ],
    );
  });

  it('deletes one, many, and what is not there', async () => {
    for (const key of ['gone/1', 'gone/2', 'gone/<3>']) await put(key);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone/1' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone/1' }));
    const Objects = [{ Key: 'gone/2' }, { Key: 'gone/<3>' }, { Key: 'never' }];
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    assert.deepEqual([Deleted?.map(({ Key }) => Key).sort(), Errors], [['gone/2', 'gone/<3>', 'never'], undefined]);
    assert.equal((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'gone/' }))).KeyCount, 0);
    await put('kept');
    await assert.rejects(s3.send(new DeleteBucketCommand({ Bucket })), refused('BucketNotEmpty', 409));
  });

  it('puts an upload of several parts together, as the SDK sends it', async () => {
    const body = randomBytes(11 * mebibyte + 5);
    const params = { Bucket, Key: 'large', Body: Readable.from([body]), ContentType: 'x/y' };
    await new Upload({ client: s3, params, partSize: 5 * mebibyte, queueSize: 3 }).done();
    const { Body, ContentType, ETag } = await s3.send(new GetObjectCommand({ Bucket, Key: 'large' }));
    assert.ok(body.equals(await Body!.transformToByteArray()));
    assert.deepEqual([ContentType, /-3"$/.test(ETag!)], ['x/y', true]);
    const across = await s3.send(
      new GetObjectCommand({ Bucket, Key: 'large', Range: `bytes=${5 * mebibyte - 2}-${5 * mebibyte + 1}` }),
    );
    assert.deepEqual(
      Buffer.from(await across.Body!.transformToByteArray()),
      body.subarray(5 * mebibyte - 2, 5 * mebibyte + 2),
    );
  });

  it('refuses to complete an upload with parts that are too small, missing or in disorder, and forgets one that is given up', async () => {
    const at = { Bucket, Key: 'parts' };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
    const part = async (PartNumber: number) => {
      const { ETag } = await s3.send(
        new UploadPartCommand({ ...at, UploadId, PartNumber, Body: `part ${PartNumber}` }),
      );
      return { PartNumber, ETag };
    };
    const complete = (...Parts: object[]) =>
      s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }));
    const [one, two] = [await part(1), await part(2)];
    await assert.rejects(complete(one, two), refused('EntityTooSmall', 400));
    await assert.rejects(complete(two, one), refused('InvalidPartOrder', 400));
    await assert.rejects(complete(one, { PartNumber: 3, ETag: one.ETag }), refused('InvalidPart', 400));
    const { Parts } = await s3.send(new ListPartsCommand({ ...at, UploadId }));
    assert.deepEqual(
      Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
      [
        [1, 6],
        [2, 6],
      ],
    );
    await s3.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
    await assert.rejects(complete(one), refused('NoSuchUpload', 404));
    await assert.rejects(text('parts'), refused('NoSuchKey', 404));
  });

  it('takes presigned URLs, for what they were made for and for as long', async () => {
    const upload = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'signed' }), { expiresIn: 60 });
    assert.equal((await fetch(upload, { method: 'PUT', body: 'by url' })).status, 200);
    const command = new GetObjectCommand({ Bucket, Key: 'signed', ResponseContentType: 'text/x' });
    const url = await getSignedUrl(s3, command, { expiresIn: 60 });
    const answer = await fetch(url);
    assert.deepEqual([await answer.text(), answer.headers.get('content-type')], ['by url', 'text/x']);
    const wrong = [
      url.replace('/signed?', '/other?'),
      url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'),
      url.replace('text%2Fx', 'text%2Fy'),
    ];
    for (const each of wrong) {
      const refusal = await fetch(each);
      assert.deepEqual(
        [refusal.status, /<Code>(\w+)</.exec(await refusal.text())?.[1]],
        [403, 'SignatureDoesNotMatch'],
      );
    }
    assert.equal((await fetch(url, { method: 'DELETE' })).status, 403);
    const signingDate = new Date(Date.now() - 120_000);
    const old = await fetch(await getSignedUrl(s3, command, { expiresIn: 60, signingDate }));
    assert.deepEqual([old.status, /<Message>(.*?)</.exec(await old.text())?.[1]], [403, 'Request has expired']);
  });

  it('lets nobody in with another secret, another key or none', async () => {
    const { accessKeyId, secretAccessKey } = store.credentials;
    const as = (credentials: object) => store.client({ credentials }).send(new ListObjectsV2Command({ Bucket }));
    await assert.rejects(as({ accessKeyId, secretAccessKey: 'wrong-secret' }), refused('SignatureDoesNotMatch', 403));
    await assert.rejects(as({ accessKeyId: 'nobody', secretAccessKey }), refused('InvalidAccessKeyId', 403));
    const answer = await fetch(`${store.url}/${Bucket}?list-type=2`);
    assert.deepEqual([answer.status, /<Code>(\w+)</.exec(await answer.text())?.[1]], [403, 'AccessDenied']);
  });

  it('says that it does not have what it has not, and where events may go', async () => {
    assert.equal(
      (await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))).QueueConfigurations,
      undefined,
    );
    const QueueConfigurations = [
      { QueueArn: 'arn:minio:sqs::NOWHERE:webhook', Events: ['s3:ObjectCreated:*' as const] },
    ];
    const NotificationConfiguration = { QueueConfigurations };
    const configure = new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration });
    await assert.rejects(s3.send(configure), refused('InvalidArgument', 400));
  });
});
