import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { CodedError } from '../errors.ts';

export interface UnreadLimits {
  /** Bytes of answers that wait for their readers, over all connections. */
  maxBytes?: number;
  /** Requests of one connection that are not answered yet. Browsers and clients have one. */
  maxOfOne?: number;
  /** Who reads nothing of its answer for so long is cut off, in ms. */
  patience?: number;
}

interface Reader {
  /** Bytes it has read, as far as this process can know: those that the system has taken. */
  read: number;
  /** Since when it has read nothing of what waits for it, Unix time in ms; null where nothing waits. */
  stalledSince: number | null;
  /** Its requests that are not answered yet. */
  open: number;
}

const sweepMs = 1000;

/**
 * Bounds what answers nobody reads may take. Requests are begun one at a time, with a turn for everything else between them, and
 * none while too much is unread: those who have stalled are cut off for it, and what comes then is answered 503.
 */
export class UnreadAnswers {
  readonly #limits: Required<UnreadLimits>;
  readonly #readers = new Map<Socket, Reader>();
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ maxBytes = 8 * 1024 * 1024, maxOfOne = 4, patience = 20_000 }: UnreadLimits = {}) {
    this.#limits = { maxBytes, maxOfOne, patience };
  }

  /** Whether it is to be answered at all: who sends one request after the other without waiting for answers is cut off. */
  begin({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const reader = this.#readerOf(socket);
    reader.open++;
    response.once('close', () => reader.open--);
    if (reader.open > this.#limits.maxOfOne) socket.destroy();
    return !socket.destroyed;
  }

  /** Resolves when its turn has come. Throws CodedError `too-busy`. */
  async admit(): Promise<void> {
    this.#turn = this.#turn.then(() => setImmediate());
    await this.#turn;
    if (this.#unread() < this.#limits.maxBytes) return;
    this.#cutOff(sweepMs);
    if (this.#unread() >= this.#limits.maxBytes)
      throw new CodedError('too-busy', 'Too many answers are not read at the moment.');
  }

  #readerOf(socket: Socket): Reader {
    const known = this.#readers.get(socket);
    if (known) return known;
    const reader: Reader = { read: 0, stalledSince: null, open: 0 };
    if (socket.destroyed) return reader;
    this.#readers.set(socket, reader);
    socket.once('close', () => {
      this.#readers.delete(socket);
      if (this.#readers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
    this.#timer ??= setInterval(() => this.#cutOff(this.#limits.patience), sweepMs).unref();
    return reader;
  }

  #unread(): number {
    let bytes = 0;
    for (const { writableLength } of this.#readers.keys()) bytes += writableLength;
    return bytes;
  }

  /** Cuts off who has read nothing for so long, in ms. */
  #cutOff(patience: number): void {
    const now = Date.now();
    for (const [socket, reader] of this.#readers) {
      const read = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0) reader.stalledSince = null;
      else if (read > reader.read || reader.stalledSince === null) reader.stalledSince = now;
      else if (now - reader.stalledSince >= patience) socket.destroy();
      reader.read = read;
    }
  }
}
