import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { encodeProperties } from '../protocol/codec.ts';
import { Publication } from './publication.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function used(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('a body takes the bytes that its header says, in however many frames it comes', () => {
  const size = 1_000_000;
  const publication = new Publication(
    { exchange: '', routingKey: 'q', mandatory: false, immediate: false },
    { bytes: 0 },
  );
  const before = used();
  publication.header(encodeProperties(60, 1, size, {}).subarray(7, -1));
  for (let i = 0; i < size - 1; i++) publication.body(Buffer.from([i % 251]));
  for (let i = 0; i < size; i++) publication.body(Buffer.alloc(0));
  const taken = used() - before;
  assert.ok(taken < 3 * size, `${taken} bytes are held for ${size}`);
  assert.equal(publication.complete(), null);
  publication.body(Buffer.from([7]));
  const { body } = publication.complete()!;
  assert.deepEqual([body.length, body[250], body[251], body.at(-1)], [size, 250, 0, 7]);
});
