import { z } from 'zod/v3';
import type { Operation } from '../operation.ts';
import { receiveText } from '../received-body.ts';
import { listOf, readXml, xmlDocument } from '../xml.ts';

const wanted = z.object({
  Quiet: z.enum(['true', 'false']).default('false'),
  Object: listOf(z.object({ Key: z.string().min(1).max(1_024) })),
});

export const deleteOperations: Operation[] = [
  {
    name: 'DeleteObject',
    method: 'DELETE',
    on: 'object',
    async run({ store, bucket, key, cause }) {
      await store.delete(store.bucketOf(bucket), key, cause);
      return { status: 204 };
    },
  },
  {
    name: 'DeleteObjects',
    method: 'POST',
    on: 'bucket',
    marked: 'delete',
    async run({ store, bucket, request, payload, cause }) {
      store.bucketOf(bucket);
      const { Quiet, Object: objects } = readXml('Delete', await receiveText(request, payload), wanted);
      for (const { Key } of objects) await store.delete(bucket, Key, cause);
      return { body: xmlDocument('DeleteResult', Quiet === 'true' ? {} : { Deleted: objects }) };
    },
  },
];
