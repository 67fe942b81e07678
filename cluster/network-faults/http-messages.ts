import { HTTPParser } from 'http-parser-js';

/** What the head of a message says. */
export interface HttpMessage {
  /** Of a request. */
  method: string;
  /** Of an answer; 0 of a request. */
  status: number;
  /** The connection goes on after it. */
  keepAlive: boolean;
  /** What follows is another protocol: of a CONNECT, an Upgrade, or the answer 101. */
  upgrade: boolean;
  /** The body comes once the callee has said that it wants it. */
  expectsContinue: boolean;
}

/** A piece of one message, as it came. */
export interface HttpPart {
  bytes: Buffer;
  message: HttpMessage;
  begins: boolean;
  ends: boolean;
}

interface Head {
  headers: string[];
  method: number;
  statusCode?: number;
  upgrade: boolean;
  shouldKeepAlive: boolean;
}

/** What we use of the parser; its own types leave `offset` out. */
interface Parser {
  offset: number;
  execute(chunk: Buffer): number | Error;
  [callback: number]: unknown;
}

/** Methods, as a connection may begin with them. */
const beginnings = HTTPParser.methods.map((method) => Buffer.from(`${method} `));

/**
 * Finds the messages of HTTP/1.1 in the bytes of one direction. The bytes stay as they are; a head is kept until all of it is there.
 */
export class HttpMessages {
  readonly #parser: Parser;
  /** The message under way, from the end of its head on. */
  #message: HttpMessage | null = null;
  #begun = false;
  /** From here on the connection has another protocol. */
  #isAnother = false;
  /** Bytes of a head that is not whole yet. */
  #kept: Buffer[] = [];
  #parts: HttpPart[] = [];
  #chunk: Buffer = Buffer.alloc(0);
  #from = 0;

  /** @param bodiless whether an answer with this head has no body, whatever it says: one to a HEAD */
  constructor(kind: 'REQUEST' | 'RESPONSE', bodiless: (message: HttpMessage) => boolean = () => false) {
    this.#parser = new HTTPParser(kind) as unknown as Parser;
    this.#parser[HTTPParser.kOnHeadersComplete] = (head: Head) => {
      this.#message = messageOf(head);
      // 1 is "no body" to the parser.
      return bodiless(this.#message) ? 1 : 0;
    };
    this.#parser[HTTPParser.kOnMessageComplete] = () => this.#take(this.#parser.offset, true);
  }

  /** Whether bytes may be the beginning of a request; of HTTP/2, TLS or a database they are not. */
  static mayBegin(chunk: Buffer): boolean {
    return beginnings.some((beginning) => {
      const length = Math.min(chunk.length, beginning.length);
      return chunk.subarray(0, length).equals(beginning.subarray(0, length));
    });
  }

  /** Nothing of a message is under way. */
  get between(): boolean {
    return this.#message === null && this.#kept.length === 0;
  }

  /** The pieces that are whole with this chunk. `rest` is no HTTP, and all that comes after it: the connection has been another all along, or from there on. */
  cut(chunk: Buffer): { parts: HttpPart[]; rest: Buffer | null } {
    if (this.#isAnother) return { parts: [], rest: chunk };
    this.#parts = [];
    this.#chunk = chunk;
    this.#from = 0;
    const parsed = this.#parser.execute(chunk);
    const failed = typeof parsed !== 'number' || Number.isNaN(parsed);
    this.#isAnother ||= failed;
    if (this.#isAnother) {
      return { parts: this.#parts, rest: Buffer.concat([...this.#kept.splice(0), chunk.subarray(this.#from)]) };
    }
    if (this.#message) this.#take(chunk.length, false);
    else if (this.#from < chunk.length) this.#kept.push(chunk.subarray(this.#from));
    return { parts: this.#parts, rest: null };
  }

  /** What was kept of a head that will not become whole. */
  giveUp(): Buffer[] {
    return this.#kept.splice(0);
  }

  #take(to: number, ends: boolean): void {
    const message = this.#message;
    if (!message) return;
    const bytes = Buffer.concat([...this.#kept.splice(0), this.#chunk.subarray(this.#from, to)]);
    if (bytes.length > 0) this.#parts.push({ bytes, message, begins: !this.#begun, ends });
    this.#from = to;
    this.#begun = !ends;
    if (!ends) return;
    this.#message = null;
    this.#isAnother ||= message.upgrade;
  }
}

function messageOf({ headers, method, statusCode = 0, upgrade, shouldKeepAlive }: Head): HttpMessage {
  const at = headers.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'expect');
  const expectsContinue = at >= 0 && /^100-continue$/i.test(headers[at + 1]!);
  return {
    method: HTTPParser.methods[method] ?? '',
    status: statusCode,
    keepAlive: shouldKeepAlive,
    upgrade,
    expectsContinue,
  };
}
