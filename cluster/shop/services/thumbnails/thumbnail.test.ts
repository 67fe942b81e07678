import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { thumbnail } from './thumbnail.ts';

const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: 'teal' } });

test('a thumbnail is a small WebP of the same shape, upright', async () => {
  const lying = await plain(400, 200).jpeg().withMetadata({ orientation: 6 }).toBuffer();
  const { format, width, height } = await sharp(await thumbnail(lying)).metadata();
  assert.deepEqual([format, width, height], ['webp', 96, 192]);
  const small = await sharp(await thumbnail(await plain(10, 10).png().toBuffer())).metadata();
  assert.equal(small.width, 10, 'what is smaller stays as it is');
});

test('there is none of what is no image, or would be too large a one', async () => {
  assert.equal(await thumbnail(Buffer.from('no image')), undefined);
  assert.equal(await thumbnail(Buffer.alloc(0)), undefined);
  const huge = await plain(5_000, 5_000).png().toBuffer();
  assert.ok(huge.length < 1_000_000);
  assert.equal(await thumbnail(huge), undefined);
});
