import type { Duplex } from 'node:stream';
import { encodeFrame, FrameReader, resetStatus, SpdyError, type Frame } from './frames.ts';
import { HeaderReader, HeaderWriter, type Headers } from './header-block.ts';
import { SpdyStream } from './stream.ts';

/** Streams open at once; more are refused. */
const STREAM_LIMIT = 1000;
/** Bytes of one stream that wait for its reader before the connection is held up: the first streams have more. Together about 30 MiB. */
const [AMPLE, AMPLE_BYTES, SCARCE_BYTES] = [64, 256 * 1024, 16 * 1024];
/** How long the peer may take to take the last words; ms. */
const LINGER_MS = 5_000;
/** The status of GOAWAY: draft 3.1, section 2.6.6. */
const goAway = { ok: 0, protocolError: 1 } as const;

/**
 * One end of a SPDY/3.1 connection over any duplex stream: many streams, each a Duplex that can be ended one way.
 *
 * Windows are neither kept nor announced: the peer is Go's spdystream, which knows none. Whoever does not read one of its
 * streams in the end holds up the whole connection, as upstream.
 */
export class SpdyConnection {
  readonly #transport: Duplex;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #streams = new Map<number, SpdyStream>();
  readonly #headerReader = new HeaderReader();
  readonly #headerWriter = new HeaderWriter();
  /** Frees the peer's next frame. */
  #drained: (() => void) | undefined;
  #lastPeerId = 0;
  #nextId: number;
  /** How many frames with data have gone each way. */
  readonly traffic = { sent: 0, received: 0 };
  /** Resolves when it has ended: to what the peer did wrong, where that was the reason. */
  readonly closed: Promise<SpdyError | undefined>;

  /** @param onStream called with each stream that the peer opens, once it was answered */
  constructor(transport: Duplex, side: 'server' | 'client', onStream: (stream: SpdyStream) => void) {
    this.#transport = transport;
    this.#nextId = side === 'client' ? 1 : 2;
    this.#onStream = onStream;
    const drained = () => this.#drained?.();
    transport.on('drain', drained);
    transport.on('error', () => transport.destroy());
    transport.on('close', () => {
      // One of them may be what all others, and the end, wait for.
      for (const stream of this.#streams.values()) stream.reset();
      drained();
    });
    this.closed = this.#run();
  }

  /** Opens a stream. */
  open(headers: Headers): SpdyStream {
    const id = this.#nextId;
    this.#nextId += 2;
    this.#send({ type: 'SYN_STREAM', id, fin: false, block: this.#headerWriter.write(headers) });
    return this.#add(id, headers);
  }

  /** Greets the peer. To write is how one learns of a peer that is gone while nothing is read from it. */
  ping(): void {
    this.#send({ type: 'PING', id: this.#nextId });
  }

  /** Ends it once everything written is sent; the streams that are left break off. */
  close(): void {
    if (this.#transport.writableEnded || this.#transport.destroyed) return;
    this.#send({ type: 'GOAWAY', lastId: this.#lastPeerId, status: goAway.ok });
    this.#end();
  }

  #end(): void {
    const timer = setTimeout(() => this.#transport.destroy(), LINGER_MS);
    this.#transport.once('close', () => clearTimeout(timer));
    this.#transport.end(() => this.#transport.destroy());
  }

  async #run(): Promise<SpdyError | undefined> {
    const reader = new FrameReader();
    try {
      for await (const chunk of this.#transport.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        for (const frame of reader.read(chunk)) await this.#handle(frame);
      }
      return undefined;
    } catch (error) {
      // Else the connection broke: its streams break too, and tell of it.
      if (!(error instanceof SpdyError)) return undefined;
      this.#send({ type: 'GOAWAY', lastId: this.#lastPeerId, status: goAway.protocolError });
      return error;
    } finally {
      for (const stream of this.#streams.values()) stream.reset();
      this.#headerReader.close();
      if (!this.#transport.destroyed) this.#end();
    }
  }

  async #handle(frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'SYN_STREAM':
        return this.#opened(frame.id, frame.fin, await this.#headerReader.read(frame.block));
      case 'SYN_REPLY':
      case 'HEADERS':
        // Of no interest here, but part of what the next block is compressed against.
        await this.#headerReader.read(frame.block);
        if (frame.fin) this.#streams.get(frame.id)?.peerEnded();
        return;
      case 'DATA': {
        const stream = this.#streams.get(frame.id);
        if (!stream) return this.#unknown(frame.id);
        this.traffic.received += 1;
        await stream.receive(frame.data);
        if (frame.fin) stream.peerEnded();
        return;
      }
      case 'RST_STREAM':
        return this.#streams.get(frame.id)?.reset();
      case 'PING':
        // One of our parity is an answer to our own.
        return frame.id % 2 === this.#nextId % 2 ? undefined : this.#answer(frame);
      case 'GOAWAY':
        // No new streams from now on; it closes the connection when the old ones are done.
        return;
      case 'WINDOW_UPDATE':
      case 'SETTINGS':
        return;
    }
  }

  async #opened(id: number, fin: boolean, headers: Headers): Promise<void> {
    if (id % 2 === this.#nextId % 2 || id <= this.#lastPeerId) throw new SpdyError(`SYN_STREAM with the number ${id}`);
    this.#lastPeerId = id;
    if (this.#streams.size >= STREAM_LIMIT) {
      return this.#answer({ type: 'RST_STREAM', id, status: resetStatus.refused });
    }
    const stream = this.#add(id, headers);
    if (fin) stream.peerEnded();
    const answered = this.#answer({ type: 'SYN_REPLY', id, fin: false, block: this.#headerWriter.write(new Map()) });
    this.#onStream(stream);
    return answered;
  }

  #add(id: number, headers: Headers): SpdyStream {
    const highWater = this.#streams.size < AMPLE ? AMPLE_BYTES : SCARCE_BYTES;
    const stream = new SpdyStream(id, headers, highWater, (frame, sent) => this.#send(frame, sent));
    this.#streams.set(id, stream);
    // A stream that nobody has in hand yet may break as well; whoever has it hears of it too.
    stream.on('error', () => undefined);
    stream.once('close', () => this.#streams.delete(id));
    return stream;
  }

  /** What comes late for a stream that is done is passed over; one that never was is the peer's mistake. */
  async #unknown(id: number): Promise<void> {
    const wasOpened = id % 2 === this.#nextId % 2 ? id < this.#nextId : id <= this.#lastPeerId;
    if (!wasOpened) await this.#answer({ type: 'RST_STREAM', id, status: resetStatus.invalidStream });
  }

  /** Says what a frame of the peer's calls for. A peer that does not take the answers is heard no further, so that they do not pile up. */
  async #answer(frame: Frame): Promise<void> {
    this.#send(frame);
    const { destroyed, writableNeedDrain } = this.#transport;
    if (writableNeedDrain && !destroyed) await new Promise<void>((resolve) => (this.#drained = resolve));
  }

  /** @param sent called once the transport has taken it, also when it is gone */
  #send(frame: Frame, sent?: () => void): void {
    if (frame.type === 'DATA') this.traffic.sent += 1;
    if (this.#transport.writable) this.#transport.write(encodeFrame(frame), () => sent?.());
    else if (sent) process.nextTick(sent);
  }
}
