import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heartbeatFrame, type Frame } from './codec.ts';
import { FrameReader } from './frames.ts';

const tooLong = Buffer.from([1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0]);

function readerAndFrames() {
  const frames: Frame[] = [];
  const reader = new FrameReader(4_096);
  return { frames, push: (bytes: Buffer, goOn = true) => reader.push(bytes, (frame) => (frames.push(frame), goOn)) };
}

test('a frame that comes in pieces is one frame', () => {
  const { frames, push } = readerAndFrames();
  for (const byte of Buffer.concat([heartbeatFrame, heartbeatFrame])) push(Buffer.from([byte]));
  assert.deepEqual(
    frames.map(({ type }) => type),
    [8, 8],
  );
});

test('of what cannot be read nothing is kept', () => {
  const { frames, push } = readerAndFrames();
  assert.throws(() => push(tooLong), { name: 'ReplyError', code: 501 });
  push(heartbeatFrame);
  assert.equal(frames.length, 1);
});

test('what is not wanted yet is there for the next time', () => {
  const { frames, push } = readerAndFrames();
  push(Buffer.concat([heartbeatFrame, heartbeatFrame, heartbeatFrame]), false);
  assert.equal(frames.length, 1);
  push(Buffer.alloc(0));
  assert.equal(frames.length, 3);
});
