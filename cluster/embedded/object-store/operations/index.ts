import type { Operation } from '../operation.ts';
import { bucketOperations } from './buckets.ts';
import { deleteOperations } from './delete.ts';
import { getOperations } from './get.ts';
import { listOperations } from './list.ts';
import { multipartOperations } from './multipart.ts';
import { notificationOperations } from './notification.ts';
import { putOperations } from './put.ts';

export const operations: readonly Operation[] = [
  ...bucketOperations,
  ...listOperations,
  ...putOperations,
  ...getOperations,
  ...deleteOperations,
  ...multipartOperations,
  ...notificationOperations,
];
