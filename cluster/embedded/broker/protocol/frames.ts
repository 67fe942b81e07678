import { basicClass, parseFrame, type Frame } from './codec.ts';
import { ReplyError } from './reply-error.ts';

/** Type, channel and size before the payload, and the end after it. */
const headBytes = 7;
const aroundBytes = 8;
const frameEnd = 0xce;
export const frameType = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  /** Of a whole frame, in bytes. */
  maximum: number;
  #parts: Buffer[] = [];
  #have = 0;
  /** Bytes without which no further frame is complete. */
  #need = aroundBytes;

  constructor(maximum: number) {
    this.maximum = maximum;
  }

  /** Hands on every frame that is complete by now, until `take` answers false: the next call goes on there. Throws ReplyError FRAME_ERROR. */
  push(bytes: Buffer, take: (frame: Frame) => boolean): void {
    this.#parts.push(bytes);
    this.#have += bytes.length;
    if (this.#have < this.#need) return;
    let rest = this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts);
    this.#keep(Buffer.alloc(0)); // nothing, where a frame cannot be read
    for (;;) {
      const frame = this.#parse(rest);
      if (!frame) break;
      rest = frame.rest;
      if (!take(frame)) break;
    }
    this.#keep(rest);
  }

  #keep(rest: Buffer): void {
    this.#parts = rest.length > 0 ? [rest] : [];
    this.#have = rest.length;
    this.#need = rest.length < headBytes ? aroundBytes : rest.readUInt32BE(3) + aroundBytes;
  }

  #parse(bytes: Buffer): Frame | false {
    try {
      return parseFrame(bytes, this.maximum - aroundBytes);
    } catch (cause) {
      throw new ReplyError('FRAME_ERROR', (cause as Error).message, { cause });
    }
  }
}

/**
 * The frames of a content: a method, its header with the properties as they came, and the body in as many as it takes.
 *
 * @param method a whole frame
 * @param properties flags and fields of a content header
 * @param maximum bytes of a frame
 */
export function contentFrames(
  channel: number,
  method: Buffer,
  properties: Buffer,
  body: Buffer,
  maximum: number,
): Buffer {
  const perFrame = maximum - aroundBytes;
  const bodies = Math.ceil(body.length / perFrame);
  const headerBytes = 12 + properties.length;
  const frames = Buffer.allocUnsafe(method.length + headerBytes + body.length + aroundBytes * (1 + bodies));
  let at = method.copy(frames);
  at = head(frames, at, frameType.header, channel, headerBytes);
  at = frames.writeUInt16BE(basicClass, at);
  at = frames.writeUInt16BE(0, at); // weight: unused
  at = frames.writeUInt32BE(0, at);
  at = frames.writeUInt32BE(body.length, at);
  at += properties.copy(frames, at);
  frames[at++] = frameEnd;
  for (let from = 0; from < body.length; from += perFrame) {
    const until = Math.min(from + perFrame, body.length);
    at = head(frames, at, frameType.body, channel, until - from);
    at += body.copy(frames, at, from, until);
    frames[at++] = frameEnd;
  }
  return frames;
}

function head(frames: Buffer, at: number, type: number, channel: number, size: number): number {
  frames[at] = type;
  frames.writeUInt16BE(channel, at + 1);
  return frames.writeUInt32BE(size, at + 3);
}
