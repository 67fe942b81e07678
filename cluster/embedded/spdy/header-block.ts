import { createInflate, type Inflate } from 'node:zlib';
import { dictionary, DICTIONARY_ID } from './dictionary.ts';
import { SpdyError } from './frames.ts';

/** Of a stream: lower-case name -> value; several values of one name are joined by a comma. */
export type Headers = Map<string, string>;

/** A few short headers open a stream; more, once inflated, is somebody who wants our memory. */
const BLOCK_LIMIT = 64 * 1024;
/** The longest piece that deflate stores as it is. */
const STORED_LIMIT = 0xffff;

/** Reads the header blocks of one direction of a connection, which are one stream of zlib. In the order they came. */
export class HeaderReader {
  readonly #inflate: Inflate;
  #chunks: Buffer[] = [];
  #size = 0;
  #failed: ((error: Error) => void) | undefined;
  #failure: Error | undefined;

  constructor() {
    this.#inflate = createInflate({ dictionary });
    this.#inflate.on('data', (chunk: Buffer) => {
      this.#size += chunk.length;
      if (this.#size > BLOCK_LIMIT) this.#fail(new SpdyError(`a header block of more than ${BLOCK_LIMIT} bytes`));
      else this.#chunks.push(chunk);
    });
    this.#inflate.on('end', () => this.#fail(new SpdyError('the compressed headers have ended')));
    this.#inflate.on('error', (cause) => {
      this.#fail(new SpdyError(`a header block that does not inflate: ${cause.message}`, { cause }));
    });
  }

  /** Rejects with SpdyError; then the connection is of no more use. */
  async read(block: Buffer): Promise<Headers> {
    this.#chunks = [];
    this.#size = 0;
    await new Promise<void>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#failed = reject;
      this.#inflate.write(block);
      this.#inflate.flush(() => resolve());
    });
    return parseHeaders(Buffer.concat(this.#chunks));
  }

  /** Frees the inflater. */
  close(): void {
    this.#inflate.close();
    this.#fail(new SpdyError('the connection is closed'));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#failed?.(error);
  }
}

/**
 * Writes header blocks. We send hardly more than empty ones, so nothing is compressed: deflate's stored blocks (RFC 1951,
 * section 3.2.4) are whole bytes, and every inflater reads them.
 */
export class HeaderWriter {
  #begun = false;

  write(headers: Headers): Buffer {
    const content = formatHeaders(headers);
    if (content.length > STORED_LIMIT) throw new RangeError('headers of more than 64 KiB');
    const parts = [stored(content), stored(Buffer.alloc(0))];
    if (!this.#begun) parts.unshift(zlibHeader());
    this.#begun = true;
    return Buffer.concat(parts);
  }
}

/** RFC 1950, section 2.2: deflate with a window of 32 KiB and a preset dictionary. */
function zlibHeader(): Buffer {
  const header = Buffer.from([0x78, 0x20, 0, 0, 0, 0]);
  header.writeUInt32BE(DICTIONARY_ID, 2);
  return header;
}

/** An empty one makes the reader hand out what it has: Z_SYNC_FLUSH. */
function stored(content: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt16LE(content.length, 1);
  header.writeUInt16LE(content.length ^ 0xffff, 3);
  return Buffer.concat([header, content]);
}

function formatHeaders(headers: Headers): Buffer {
  const texts = [...headers].flatMap(([name, value]) => [Buffer.from(name.toLowerCase()), Buffer.from(value)]);
  const length = (number: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(number);
    return bytes;
  };
  return Buffer.concat([length(headers.size), ...texts.flatMap((text) => [length(text.length), text])]);
}

function parseHeaders(block: Buffer): Headers {
  let position = 0;
  const number = () => {
    if (position + 4 > block.length) throw new SpdyError('a header block that is cut short');
    position += 4;
    return block.readUInt32BE(position - 4);
  };
  const text = () => {
    const length = number();
    if (position + length > block.length) throw new SpdyError('a header block that is cut short');
    position += length;
    return block.toString('utf8', position - length, position);
  };
  const headers: Headers = new Map();
  for (let left = number(); left > 0; left--) headers.set(text().toLowerCase(), text().replaceAll('\0', ','));
  return headers;
}
