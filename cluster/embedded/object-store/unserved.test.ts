import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { startStore, type OwnStore } from './testing/running-store.ts';

let store: OwnStore;
before(async () => {
  store = await startStore();
});
after(() => store?.remove());

it('what is not served is refused, and nothing is done in its place', async () => {
  const s3 = store.client();
  const at = { Bucket: 'unserved', Key: 'a' };
  await s3.send(new CreateBucketCommand({ Bucket: at.Bucket }));
  await s3.send(new PutObjectCommand({ ...at, Body: 'content' }));
  const refused = { name: 'NotImplemented' };
  await assert.rejects(s3.send(new CreateMultipartUploadCommand({ ...at, Tagging: 'a=b' })), refused);
  const upload = await s3.send(new CreateMultipartUploadCommand(at));
  const part = { ...at, UploadId: upload.UploadId, PartNumber: 1 };
  await assert.rejects(s3.send(new UploadPartCopyCommand({ ...part, CopySource: 'unserved/a' })), refused);
  const { Parts = [] } = await s3.send(new ListPartsCommand({ ...at, UploadId: upload.UploadId }));
  assert.deepEqual(Parts, []);
});
