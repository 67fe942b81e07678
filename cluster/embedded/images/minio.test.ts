import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerContext } from './image.ts';
import { minio } from './minio.ts';

const folderOf = async (args: string[] | undefined, mounts: ContainerContext['mounts'] = []) => {
  const context = { home: '/home', image: 'minio/minio', scratch: '/scratch', memoryLimit: null, nodeArguments: [] };
  const program = await minio.program({ ...context, args, mounts } as unknown as ContainerContext);
  return program.args.at(-1);
};
const volume = { mountPath: '/data', directory: '/volumes/objects' };

test('objects are in the volume that is mounted there, or go with the pod', async () => {
  assert.equal(await folderOf(['server', '/data'], [volume]), '/volumes/objects');
  assert.equal(await folderOf(['server', '/data/deep'], [volume]), '/volumes/objects/deep');
  assert.equal(await folderOf(['server', '/data']), '/scratch/objects');
});

test('no argument leads to another folder of this machine, or to another command', async () => {
  assert.equal(await folderOf(['server', '/etc'], [volume]), '/scratch/objects');
  assert.equal(await folderOf(['server', '/data/../../etc'], [volume]), '/scratch/objects');
  for (const args of [undefined, ['/data'], ['server'], ['server', 'data'], ['server', '/data', '--address', ':1']]) {
    await assert.rejects(folderOf(args, [volume]), /`args` are to be `\[server, \/data\]`/);
  }
});
