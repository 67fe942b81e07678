import { Duplex } from 'node:stream';
import { resetStatus, type Frame } from './frames.ts';
import type { Headers } from './header-block.ts';

/** Of one frame: the streams of a connection take turns. */
const PIECE = 32 * 1024;

/** A stream was ended from outside, in the middle. */
class StreamResetError extends Error {
  readonly code = 'ECONNRESET';
}

/** One stream of a connection. Ends one way at a time; destroying it resets it. */
export class SpdyStream extends Duplex {
  readonly id: number;
  /** What it was opened with. */
  readonly headers: Headers;
  readonly #send: (frame: Frame, sent?: () => void) => void;
  #room: (() => void) | undefined;
  #peerEnded = false;
  #peerReset = false;

  /** @param highWater bytes that may wait for its reader before the connection is held up */
  constructor(id: number, headers: Headers, highWater: number, send: (frame: Frame, sent?: () => void) => void) {
    super({ allowHalfOpen: true, readableHighWaterMark: highWater });
    this.id = id;
    this.headers = headers;
    this.#send = send;
  }

  /** Takes what the peer has sent; resolves when there is room for more. */
  async receive(data: Buffer): Promise<void> {
    if (this.destroyed || this.#peerEnded || data.length === 0) return;
    if (!this.push(data) && !this.destroyed) await new Promise<void>((resolve) => (this.#room = resolve));
  }

  /** The peer writes no more. */
  peerEnded(): void {
    if (this.destroyed || this.#peerEnded) return;
    this.#peerEnded = true;
    this.push(null);
  }

  /** The peer, or its connection, is gone. */
  reset(): void {
    this.#peerReset = true;
    // Everything was said already: that the peer then drops the stream is no error.
    const done = this.readableEnded && this.writableFinished;
    this.destroy(done ? undefined : new StreamResetError('the stream was reset'));
  }

  override _read(): void {
    this.#free();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    for (let start = 0; start < chunk.length; start += PIECE) {
      const data = chunk.subarray(start, start + PIECE);
      const last = start + PIECE >= chunk.length;
      this.#send({ type: 'DATA', id: this.id, fin: false, data }, last ? () => callback() : undefined);
    }
    if (chunk.length === 0) callback();
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#send({ type: 'DATA', id: this.id, fin: true, data: Buffer.alloc(0) }, () => callback());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#free();
    const done = this.readableEnded && this.writableFinished;
    if (!done && !this.#peerReset) this.#send({ type: 'RST_STREAM', id: this.id, status: resetStatus.cancel });
    callback(error);
  }

  #free(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.();
  }
}
