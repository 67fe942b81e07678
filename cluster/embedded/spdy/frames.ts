/** The peer broke SPDY's rules: its connection cannot go on. */
export class SpdyError extends Error {
  readonly code = 'SpdyProtocolError';
}

/** One frame of SPDY/3.1, or a piece of a DATA frame. `block` is a compressed header block. */
export type Frame =
  | { type: 'SYN_STREAM'; id: number; fin: boolean; block: Buffer }
  | { type: 'SYN_REPLY'; id: number; fin: boolean; block: Buffer }
  | { type: 'HEADERS'; id: number; fin: boolean; block: Buffer }
  | { type: 'RST_STREAM'; id: number; status: number }
  | { type: 'PING'; id: number }
  | { type: 'GOAWAY'; lastId: number; status: number }
  | { type: 'WINDOW_UPDATE'; id: number; delta: number }
  | { type: 'SETTINGS'; values: { id: number; value: number }[] }
  /** `fin` comes with the last piece alone. */
  | { type: 'DATA'; id: number; fin: boolean; data: Buffer };

/** The statuses of RST_STREAM that are sent here: draft 3.1, section 2.6.3. */
export const resetStatus = { protocolError: 1, invalidStream: 2, refused: 3, cancel: 5 } as const;

const VERSION = 3;
const FIN = 1;
const HEADER_BYTES = 8;
/** A control frame holds a few headers; a larger one is somebody who wants our memory. */
const CONTROL_LIMIT = 64 * 1024;
const types = {
  SYN_STREAM: 1,
  SYN_REPLY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  GOAWAY: 7,
  HEADERS: 8,
  WINDOW_UPDATE: 9,
} as const;

/** Largest payload of one frame: its length has 24 bits. */
const PAYLOAD_LIMIT = 2 ** 24 - 1;

/** @param frame its DATA has to be shorter than 16 MiB */
export function encodeFrame(frame: Frame): Buffer {
  switch (frame.type) {
    case 'DATA': {
      if (frame.data.length > PAYLOAD_LIMIT) throw new RangeError('DATA of more than 16 MiB does not fit a frame');
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUInt32BE(frame.id);
      header.writeUInt32BE(frame.data.length, 4);
      header[4] = frame.fin ? FIN : 0;
      return Buffer.concat([header, frame.data]);
    }
    case 'SYN_STREAM':
      // Without an associated stream, of the highest priority.
      return control(frame.type, flagOf(frame.fin), Buffer.concat([words(frame.id, 0), Buffer.alloc(2), frame.block]));
    case 'SYN_REPLY':
    case 'HEADERS':
      return control(frame.type, flagOf(frame.fin), Buffer.concat([words(frame.id), frame.block]));
    case 'RST_STREAM':
      return control(frame.type, 0, words(frame.id, frame.status));
    case 'PING':
      return control(frame.type, 0, words(frame.id));
    case 'GOAWAY':
      return control(frame.type, 0, words(frame.lastId, frame.status));
    case 'WINDOW_UPDATE':
      return control(frame.type, 0, words(frame.id, frame.delta));
    case 'SETTINGS':
      return control(
        frame.type,
        0,
        words(frame.values.length, ...frame.values.flatMap(({ id, value }) => [id, value])),
      );
  }
}

const flagOf = (fin: boolean) => (fin ? FIN : 0);

function words(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => bytes.writeUInt32BE(number, index * 4));
  return bytes;
}

function control(type: keyof typeof types, flags: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(0x8000 | VERSION);
  header.writeUInt16BE(types[type], 2);
  header.writeUInt32BE(payload.length, 4);
  header[4] = flags;
  return Buffer.concat([header, payload]);
}

/** Cuts the bytes of a connection into frames. DATA is handed on as it comes, so that no frame is ever held whole. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  /** What is missing of the DATA frame under way. */
  #data: { id: number; fin: boolean; missing: number } | undefined;

  /** @throws SpdyError */
  *read(chunk: Buffer): Generator<Frame, void> {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) if (frame) yield frame;
  }

  /** Undefined when more bytes have to come first; null for a frame that says nothing to us. */
  #next(): Frame | null | undefined {
    if (this.#data) return this.#piece(this.#data);
    if (this.#rest.length < HEADER_BYTES) return undefined;
    const [first, flags, length] = [this.#rest.readUInt32BE(), this.#rest[4]!, this.#rest.readUIntBE(5, 3)];
    if (first < 0x8000_0000) {
      if (first === 0) throw new SpdyError('DATA for stream 0');
      this.#take(HEADER_BYTES);
      this.#data = { id: first, fin: (flags & FIN) !== 0, missing: length };
      return length === 0 ? this.#piece(this.#data) : null;
    }
    const version = (first >>> 16) & 0x7fff;
    if (version !== VERSION) throw new SpdyError(`a frame of SPDY version ${version}, not ${VERSION}`);
    if (length > CONTROL_LIMIT) throw new SpdyError(`a control frame of ${length} bytes`);
    if (this.#rest.length < HEADER_BYTES + length) return undefined;
    this.#take(HEADER_BYTES);
    return parseControl(first & 0xffff, flags, this.#take(length));
  }

  #piece(data: { id: number; fin: boolean; missing: number }): Frame | undefined {
    if (this.#rest.length === 0 && data.missing > 0) return undefined;
    const piece = this.#take(Math.min(data.missing, this.#rest.length));
    data.missing -= piece.length;
    const last = data.missing === 0;
    if (last) this.#data = undefined;
    return { type: 'DATA', id: data.id, fin: last && data.fin, data: piece };
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

/** Null for a type that nobody has defined: such frames are to be passed over. */
function parseControl(type: number, flags: number, payload: Buffer): Frame | null {
  const fin = (flags & FIN) !== 0;
  const number = (index: number) => payload.readUInt32BE(index * 4);
  const atLeast = (length: number, name: string) => {
    if (payload.length < length) throw new SpdyError(`${name} of ${payload.length} bytes`);
  };
  const stream = (name: string) => {
    const id = number(0) & 0x7fff_ffff;
    if (id === 0) throw new SpdyError(`${name} for stream 0`);
    return id;
  };
  switch (type) {
    case types.SYN_STREAM:
      atLeast(10, 'SYN_STREAM');
      return { type: 'SYN_STREAM', id: stream('SYN_STREAM'), fin, block: payload.subarray(10) };
    case types.SYN_REPLY:
    case types.HEADERS: {
      const name = type === types.HEADERS ? 'HEADERS' : 'SYN_REPLY';
      atLeast(4, name);
      return { type: name, id: stream(name), fin, block: payload.subarray(4) };
    }
    case types.RST_STREAM:
      atLeast(8, 'RST_STREAM');
      return { type: 'RST_STREAM', id: stream('RST_STREAM'), status: number(1) };
    case types.PING:
      atLeast(4, 'PING');
      return { type: 'PING', id: number(0) };
    case types.GOAWAY:
      atLeast(8, 'GOAWAY');
      return { type: 'GOAWAY', lastId: number(0) & 0x7fff_ffff, status: number(1) };
    case types.WINDOW_UPDATE:
      atLeast(8, 'WINDOW_UPDATE');
      return { type: 'WINDOW_UPDATE', id: number(0) & 0x7fff_ffff, delta: number(1) & 0x7fff_ffff };
    case types.SETTINGS: {
      atLeast(4, 'SETTINGS');
      const count = number(0);
      if (payload.length < 4 + count * 8) throw new SpdyError(`SETTINGS of ${count} values in ${payload.length} bytes`);
      const values = Array.from({ length: count }, (_, index) => ({
        id: number(1 + index * 2) & 0xff_ffff,
        value: number(2 + index * 2),
      }));
      return { type: 'SETTINGS', values };
    }
    default:
      return null;
  }
}
